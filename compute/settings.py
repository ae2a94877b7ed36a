"""The app's settings, read once from its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

PUBLIC_CLOUD = "https://management.azure.com"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Settings:
    """`arm_endpoint` is where Azure Resource Manager is; `insecure` says that it is plain http.
    `identity_endpoint` is where the app gets its tokens; Azure sets it. `subscription` is the one
    whose scale sets are shown when a request names none.
    """

    arm_endpoint: str
    insecure: bool
    identity_endpoint: str | None = None
    subscription: str | None = None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment.

    ARM_ENDPOINT: an https URL, or an http one on loopback; the public cloud when it is not set.
    AZURE_SUBSCRIPTION_ID: the id of a subscription; none when it is not set or empty.
    Raises ValueError that says what is wrong and how to set it.
    """
    endpoint = environment.get("ARM_ENDPOINT", PUBLIC_CLOUD).rstrip("/")
    url = urlsplit(endpoint)
    insecure = url.scheme == "http" and url.hostname in _LOOPBACK
    if not url.hostname or not (url.scheme == "https" or insecure):
        raise ValueError(
            f"ARM_ENDPOINT is {endpoint!r}: set it to an https URL such as {PUBLIC_CLOUD}, or "
            "leave it out for the public cloud (plain http is taken on loopback only, for tests)"
        )
    return Settings(
        endpoint,
        insecure,
        identity_endpoint=environment.get("IDENTITY_ENDPOINT"),
        subscription=environment.get("AZURE_SUBSCRIPTION_ID") or None,
    )
