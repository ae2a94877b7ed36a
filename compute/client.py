"""The SDK's client for one subscription."""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from settings import Settings, read_settings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

_TIMEOUT_SECONDS = 60


def connect(subscription: str) -> "ComputeManagementClient":
    """The client for one subscription, created once per process; threads may share it.

    The SDK's own retries are off: it resends POST and PATCH by itself after a 5xx, and sleeps where
    a durable timer should wait. Whether to send again is decided after a fresh read. Raises
    SettingError if a setting is wrong.
    """
    return _client(subscription, read_settings())


@cache
def _client(subscription: str, settings: Settings) -> "ComputeManagementClient":
    from azure.mgmt.compute import ComputeManagementClient

    from compute.metrics_policy import MetricsPolicy
    from compute.scope_policy import ScopePolicy

    _quiet()
    credential, scope = _credential(settings), settings.cloud.scope
    insecure: dict[str, Any] = (
        {"authentication_policy": _loopback_policy(credential, scope)} if settings.insecure else {}
    )
    return ComputeManagementClient(
        credential,
        subscription,
        base_url=settings.arm_endpoint or settings.cloud.arm_endpoint,
        credential_scopes=[scope],
        retry_total=0,
        connection_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
        # Per-retry policies run after the SDK's own redirects and retries: on each request as sent.
        per_retry_policies=[ScopePolicy(settings.scopes), MetricsPolicy()],
        **insecure,
    )


def _quiet() -> None:
    """The SDK logs two lines per request, and urllib3 (at DEBUG) the whole URL, which for a
    long-running operation contains a signature. The exceptions we raise report what went wrong.
    """
    for name in ("azure.core", "azure.identity", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)


@cache
def _credential(settings: Settings) -> "TokenCredential":
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential(authority=settings.authority or settings.cloud.authority)


def _loopback_policy(
    credential: "TokenCredential", scope: str
) -> "ARMChallengeAuthenticationPolicy":
    """The SDK refuses to send tokens over plain http; on loopback nobody can eavesdrop."""
    from azure.core.pipeline import PipelineRequest
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    class LoopbackPolicy(ARMChallengeAuthenticationPolicy):
        def on_request(self, request: PipelineRequest[Any]) -> None:
            request.context.options.setdefault("enforce_https", False)
            super().on_request(request)  # pyright: ignore[reportUnknownMemberType]

    return LoopbackPolicy(credential, scope)
