"""The app's settings, read once from its environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from compute.cloud import Cloud
from rollout.follow_rules import FollowRules, read_follow_rules
from rollout.problem import FieldError, SettingError
from rollout.retention import DEFAULT as DEFAULT_RETENTION
from rollout.retention import SETTING as RETENTION
from rollout.retention import parse_retention
from rollout.scale_set_id import SUBSCRIPTION
from rollout.scope import EVERYWHERE, Scopes
from rollout.scope import SETTING as SCOPES

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Settings:
    """`cloud` says where Azure is. `arm_endpoint` is another Azure Resource Manager than the
    cloud's own. `authority` is another host to sign in than the cloud's own. `identity_endpoint` is
    where the app gets its tokens; Azure sets it. `subscription` is the one whose
    scale sets are shown when a request names none. `scopes` are where the app may roll,
    `retention` is how long it remembers rollouts that have ended.
    """

    cloud: Cloud = Cloud.PUBLIC
    arm_endpoint: str | None = None
    authority: str | None = None
    identity_endpoint: str | None = None
    subscription: str | None = None
    scopes: Scopes = EVERYWHERE
    retention: timedelta = DEFAULT_RETENTION

    @property
    def insecure(self) -> bool:
        """Whether Azure Resource Manager is spoken to in plain http."""
        return (self.arm_endpoint or "").casefold().startswith("http:")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; what is not set, or empty, is left to Azure.

    docs/settings.md says what each one means.
    Raises SettingError that says of every wrong one what is wrong and how to set it.
    """
    read = _Reader(environment)
    settings = Settings(
        cloud=read.parsed("AZURE_ENVIRONMENT", _cloud) or Cloud.PUBLIC,
        arm_endpoint=read.parsed("ARM_ENDPOINT", _endpoint),
        authority=read.parsed("AZURE_AUTHORITY_HOST", _authority),
        identity_endpoint=environment.get("IDENTITY_ENDPOINT") or None,
        subscription=read.parsed("AZURE_SUBSCRIPTION_ID", _subscription),
        scopes=read.parsed(SCOPES, Scopes.parse) or EVERYWHERE,
        retention=read.parsed(RETENTION, parse_retention) or DEFAULT_RETENTION,
    )
    if errors := [*read.errors, *_no_identity(environment)]:
        raise SettingError(errors)
    return settings


def _no_identity(environment: Mapping[str, str]) -> list[FieldError]:
    """In Azure (which sets WEBSITE_SITE_NAME) the app needs an identity: a managed one, which Azure
    tells it of by IDENTITY_ENDPOINT, or one of its own (azure-identity's AZURE_TENANT_ID).
    """
    there = ("IDENTITY_ENDPOINT", "AZURE_TENANT_ID")
    if not environment.get("WEBSITE_SITE_NAME") or any(environment.get(one) for one in there):
        return []
    message = (
        "IDENTITY_ENDPOINT is not set, so the app has no managed identity: give it one with `az "
        "functionapp identity assign`, and restart the app"
    )
    return [FieldError(path="IDENTITY_ENDPOINT", message=message)]


class _Reader:
    """Reads settings one after the other, and keeps what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.errors: list[FieldError] = []

    def parsed[T](self, name: str, parse: Callable[[str], T]) -> T | None:
        """What `parse` makes of the setting; None when it is not set, or wrong."""
        text = self._environment.get(name)
        try:
            return parse(text) if text else None
        except ValueError as error:
            message = f"{name} is {text!r}: {error}"
            self.errors.append(FieldError(path=name, message=message))
            return None


def follow_rules(environment: Mapping[str, str] = os.environ) -> FollowRules:
    """How published images are followed. Raises SettingError."""
    return read_follow_rules(environment)


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
    """azure-identity would refuse it too, without the name of the setting."""
    if urlsplit(host).scheme not in {"", "https"}:
        raise ValueError(
            "set it to an https URL or the name of a host, or leave it out for the cloud's own"
        )
    return host


def _subscription(text: str) -> str:
    if not re.fullmatch(SUBSCRIPTION, text):
        raise ValueError("set it to the id of a subscription, or leave it out")
    return text
