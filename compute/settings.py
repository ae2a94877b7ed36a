"""The app's settings, read once from its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from compute.cloud import Cloud
from rollout.follow_rules import FollowRules, read_follow_rules
from rollout.problem import SettingError

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Settings:
    """`cloud` says where Azure is. `arm_endpoint` is another Azure Resource Manager than the
    cloud's own; `insecure` says that it is plain http. `authority` is another host to sign in than
    the cloud's own. `identity_endpoint` is where the app gets its tokens; Azure sets it.
    `subscription` is the one whose scale sets are shown when a request names none.
    """

    cloud: Cloud = Cloud.PUBLIC
    arm_endpoint: str | None = None
    insecure: bool = False
    authority: str | None = None
    identity_endpoint: str | None = None
    subscription: str | None = None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; what is not set, or empty, is left to Azure.

    AZURE_ENVIRONMENT: the name of a cloud; the public one when it is not set.
    ARM_ENDPOINT: an https URL, or an http one on loopback; the cloud's own when it is not set.
    AZURE_AUTHORITY_HOST: azure-identity's own setting; the cloud's own when it is not set.
    AZURE_SUBSCRIPTION_ID: the id of a subscription; none when it is not set.
    Raises SettingError that says what is wrong and how to set it.
    """
    endpoint = (environment.get("ARM_ENDPOINT") or "").rstrip("/") or None
    return Settings(
        cloud=_cloud(environment.get("AZURE_ENVIRONMENT") or Cloud.PUBLIC),
        arm_endpoint=endpoint,
        insecure=_is_insecure(endpoint) if endpoint else False,
        authority=_authority(environment.get("AZURE_AUTHORITY_HOST") or None),
        identity_endpoint=environment.get("IDENTITY_ENDPOINT") or None,
        subscription=environment.get("AZURE_SUBSCRIPTION_ID") or None,
    )


def follow_rules(environment: Mapping[str, str] = os.environ) -> FollowRules:
    """How published images are followed. Raises SettingError."""
    return read_follow_rules(environment)


def _cloud(name: str) -> Cloud:
    cloud = Cloud.named(name)
    if cloud is None:
        raise SettingError(
            f"AZURE_ENVIRONMENT is {name!r}: set it to {', '.join(Cloud)}, or leave it out for the "
            "public cloud"
        )
    return cloud


def _authority(host: str | None) -> str | None:
    """azure-identity would refuse it too, without the name of the setting."""
    if host and urlsplit(host).scheme not in {"", "https"}:
        raise SettingError(
            f"AZURE_AUTHORITY_HOST is {host!r}: set it to an https URL or the name of a host, or "
            "leave it out for the cloud's own"
        )
    return host


def _is_insecure(endpoint: str) -> bool:
    url = urlsplit(endpoint)
    insecure = url.scheme == "http" and url.hostname in _LOOPBACK
    if not url.hostname or not (url.scheme == "https" or insecure):
        raise SettingError(
            f"ARM_ENDPOINT is {endpoint!r}: set it to an https URL, or leave it out for the "
            "cloud's own (plain http is taken on loopback only, for tests)"
        )
    return insecure
