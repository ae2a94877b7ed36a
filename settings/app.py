"""The app's settings, read once from its environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from rollout.app_health import AppHealth
from rollout.base import FieldError, SettingError
from rollout.inventory import EVERYWHERE, NOWHERE, SCOPES_SETTING, SUBSCRIPTION, Scopes
from settings.access import read_access_rules
from settings.address import read_address
from settings.cloud import Cloud
from settings.follow import read_follow_rules
from settings.news import checked_news_rules
from settings.outbound import read_outbound
from settings.retention import DEFAULT_RETENTION, RETENTION_SETTING, parse_retention
from settings.scopes import parse_scopes
from settings.windows import read_calendar

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Settings:
    """The app's settings; docs/settings.md describes each one."""

    cloud: Cloud = Cloud.PUBLIC
    arm_endpoint: str | None = None
    """Replaces the cloud's own Azure Resource Manager."""
    monitor_endpoint: str | None = None
    """Replaces the cloud's own Azure Monitor, its metrics and its logs."""
    authority: str | None = None
    """Replaces the cloud's own sign-in host."""
    identity_endpoint: str | None = None
    """Where the app gets its tokens; set by Azure."""
    subscription: str | None = None
    """Whose scale sets are shown if a request names no subscription."""
    scopes: Scopes = EVERYWHERE
    """Where the app may roll."""
    retention: timedelta = DEFAULT_RETENTION
    """How long ended rollouts are kept."""

    @property
    def insecure(self) -> bool:
        """Whether Azure Resource Manager is called over plain http."""
        return _plain(self.arm_endpoint)

    @property
    def insecure_monitor(self) -> bool:
        """Whether Azure Monitor's metrics and logs are called over plain http."""
        return _plain(self.monitor_endpoint)


def _plain(endpoint: str | None) -> bool:
    return (endpoint or "").casefold().startswith("http:")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; a setting that is missing or empty keeps its default.

    Raises SettingError with what is wrong with each wrong setting, and how to set it.
    """
    read = _Reader(environment)
    settings = Settings(
        cloud=read.parsed("AZURE_ENVIRONMENT", _cloud) or Cloud.PUBLIC,
        arm_endpoint=read.parsed("ARM_ENDPOINT", _endpoint),
        monitor_endpoint=read.parsed("MONITOR_ENDPOINT", _endpoint),
        authority=read.parsed("AZURE_AUTHORITY_HOST", _authority),
        identity_endpoint=environment.get("IDENTITY_ENDPOINT") or None,
        subscription=read.parsed("AZURE_SUBSCRIPTION_ID", _subscription),
        scopes=read.parsed(SCOPES_SETTING, parse_scopes) or _unsaid_scopes(environment),
        retention=read.parsed(RETENTION_SETTING, parse_retention) or DEFAULT_RETENTION,
    )
    if errors := [*read.errors, *_no_identity(environment)]:
        raise SettingError(errors)
    return settings


def _deployed(environment: Mapping[str, str]) -> bool:
    """Whether this is Azure, which sets WEBSITE_SITE_NAME; a host of somebody's own does not."""
    return bool(environment.get("WEBSITE_SITE_NAME"))


def _unsaid_scopes(environment: Mapping[str, str]) -> Scopes:
    """Where the app may roll if no scope is named. In Azure nowhere: whoever takes the last scope
    away means that, and the identity's roles are often still there.
    """
    return NOWHERE if _deployed(environment) else EVERYWHERE


def _no_identity(environment: Mapping[str, str]) -> list[FieldError]:
    """In Azure the app needs an identity: a managed one, for which Azure sets IDENTITY_ENDPOINT, or
    one of its own (azure-identity's AZURE_TENANT_ID).
    """
    there = ("IDENTITY_ENDPOINT", "AZURE_TENANT_ID")
    if not _deployed(environment) or any(environment.get(name) for name in there):
        return []
    message = (
        "IDENTITY_ENDPOINT is not set, so the app has no managed identity: give it one with `az "
        "functionapp identity assign`, and restart the app"
    )
    return [FieldError(path="IDENTITY_ENDPOINT", message=message)]


class _Reader:
    """Reads settings one after another, and collects their errors."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.errors: list[FieldError] = []

    def parsed[T](self, name: str, parse: Callable[[str], T]) -> T | None:
        """The setting as parsed by `parse`; None if it is not set, or wrong."""
        text = self._environment.get(name)
        try:
            return parse(text) if text else None
        except ValueError as error:
            message = f"{name} is {text!r}: {error}"
            self.errors.append(FieldError(path=name, message=message))
            return None


def default_subscription() -> str | None:
    """Whose scale sets are shown if a request names no subscription. Raises SettingError."""
    return read_settings().subscription


def allowed_scopes() -> Scopes:
    """Where the app may roll. Raises SettingError."""
    return read_settings().scopes


def retention_time() -> timedelta:
    """How long ended rollouts are kept. Raises SettingError."""
    return read_settings().retention


def app_health() -> AppHealth:
    """Whether the app is set up to work: only reads the settings, so that a health check every
    minute costs no Azure call. Whether the identity has its rights shows at the first plan.
    """
    errors: list[FieldError] = []
    for read in (
        read_settings,
        read_follow_rules,
        read_access_rules,
        read_outbound,
        read_address,
        checked_news_rules,
        read_calendar,
    ):
        try:
            read()
        except SettingError as error:
            errors += error.errors
    return AppHealth.of(errors)


def _cloud(name: str) -> Cloud:
    cloud = Cloud.named(name)
    if cloud is None:
        raise ValueError(f"set it to {', '.join(Cloud)}, or leave it out for the public cloud")
    return cloud


def _endpoint(text: str) -> str:
    url = urlsplit(text)
    insecure = url.scheme == "http" and url.hostname in _LOOPBACK
    if not url.hostname or not (url.scheme == "https" or insecure):
        raise ValueError(
            "set it to an https URL, or leave it out for the cloud's own (plain http is taken on "
            "loopback only, for tests)"
        )
    return text.rstrip("/")


def _authority(host: str) -> str:
    """azure-identity would refuse it too, but without naming the setting."""
    if urlsplit(host).scheme not in {"", "https"}:
        raise ValueError(
            "set it to an https URL or the name of a host, or leave it out for the cloud's own"
        )
    return host


def _subscription(text: str) -> str:
    if not re.fullmatch(SUBSCRIPTION, text):
        raise ValueError("set it to the id of a subscription, or leave it out")
    return text
