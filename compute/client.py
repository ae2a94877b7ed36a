"""The SDK's client for one subscription."""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from compute.credential import RenewableCredential
from settings import Settings, read_settings

if TYPE_CHECKING:
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

_TIMEOUT_SECONDS = 60


def connect(subscription: str) -> "ComputeManagementClient":
    """The client for one subscription, created once per process; threads may share it.

    The SDK's own retries are off: it resends POST and PATCH by itself after a 5xx, and sleeps where
    a durable timer should wait. Whether to send those again is decided after a fresh read; a GET is
    repeated by RepeatedReads. No redirect is followed. Raises SettingError if a setting is wrong.
    """
    return _client(subscription, read_settings())


@cache
def _client(subscription: str, settings: Settings) -> "ComputeManagementClient":
    from azure.mgmt.compute import ComputeManagementClient

    from compute.host_policy import HostPolicy
    from compute.metrics_policy import MetricsPolicy
    from compute.repeated_reads import RepeatedReads
    from compute.scope_policy import ScopePolicy

    quiet()
    credential, scope = credential_of(settings), settings.cloud.scope
    endpoint = settings.arm_endpoint or settings.cloud.arm_endpoint
    insecure: dict[str, Any] = (
        {"authentication_policy": _loopback_policy(credential, scope)} if settings.insecure else {}
    )
    return ComputeManagementClient(
        credential,
        subscription,
        base_url=endpoint,
        credential_scopes=[scope],
        retry_total=0,
        permit_redirects=False,
        connection_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
        per_call_policies=[RepeatedReads(credential.renew)],
        # Per-retry policies run after the SDK's own redirects and retries: on each request as sent,
        # and before it gets its token.
        per_retry_policies=[HostPolicy(endpoint), ScopePolicy(settings.scopes), MetricsPolicy()],
        **insecure,
    )


def quiet() -> None:
    """The SDK logs two lines per request, urllib3 (at DEBUG) the whole URL, which for a
    long-running operation contains a signature, and azure.mgmt (at WARNING) a traceback for each
    error without a body. The exceptions we raise report what went wrong.
    """
    for name in ("azure.core", "azure.identity", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("azure.mgmt").setLevel(logging.ERROR)


def app_identity() -> RenewableCredential:
    """What gets tokens for the app. Raises SettingError."""
    return credential_of(read_settings())


@cache
def credential_of(settings: Settings) -> RenewableCredential:
    from azure.identity import DefaultAzureCredential

    authority = settings.authority or settings.cloud.authority
    return RenewableCredential(lambda: DefaultAzureCredential(authority=authority))


def _loopback_policy(
    credential: RenewableCredential, scope: str
) -> "ARMChallengeAuthenticationPolicy":
    """The SDK refuses to send tokens over plain http; on loopback nobody can eavesdrop."""
    from azure.core.pipeline import PipelineRequest
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    class LoopbackPolicy(ARMChallengeAuthenticationPolicy):
        def on_request(self, request: PipelineRequest[Any]) -> None:
            request.context.options.setdefault("enforce_https", False)
            super().on_request(request)  # pyright: ignore[reportUnknownMemberType]

    return LoopbackPolicy(credential, scope)
