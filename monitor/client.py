"""The SDKs' clients, and which calls they may send where."""

from functools import cache
from typing import TYPE_CHECKING, Any

from compute.client import credential_of, quiet
from settings import Settings, read_settings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy
    from azure.mgmt.alertsmanagement import AlertsManagementClient
    from azure.monitor.query import LogsQueryClient
    from azure.monitor.querymetrics import MetricsClient

_TIMEOUT_SECONDS = 30


def alerts_client(subscription: str) -> "AlertsManagementClient":
    """Alerts are read from Azure Resource Manager, with its token. Raises SettingError."""
    return _alerts(subscription, read_settings())


def metrics_client(region: str) -> "MetricsClient":
    """Of one region's host, with a token for Azure Monitor's metrics. Raises SettingError."""
    return _metrics(region, read_settings())


def logs_client() -> "LogsQueryClient":
    """With a token for Azure Monitor's logs. Raises SettingError."""
    return _logs(read_settings())


@cache
def _alerts(subscription: str, settings: Settings) -> "AlertsManagementClient":
    from azure.mgmt.alertsmanagement import AlertsManagementClient

    endpoint = settings.arm_endpoint or settings.cloud.arm_endpoint
    scope, credential = settings.cloud.scope, credential_of(settings)
    return AlertsManagementClient(
        credential,
        subscription,
        base_url=endpoint,
        credential_scopes=[scope],
        **_careful(settings, endpoint, scope, insecure=settings.insecure),
    )


@cache
def _metrics(region: str, settings: Settings) -> "MetricsClient":
    from azure.monitor.querymetrics import MetricsClient

    endpoint = settings.monitor_endpoint or settings.cloud.metrics_endpoint(region)
    audience = settings.cloud.metrics_audience
    scope = f"{audience}/.default"
    return MetricsClient(
        endpoint,
        credential_of(settings),
        audience=audience,
        **_careful(settings, endpoint, scope, insecure=settings.insecure_monitor),
    )


@cache
def _logs(settings: Settings) -> "LogsQueryClient":
    from azure.monitor.query import LogsQueryClient

    endpoint = settings.monitor_endpoint or settings.cloud.logs_endpoint
    audience = settings.cloud.logs_endpoint
    scope = f"{audience}/.default"
    return LogsQueryClient(
        credential_of(settings),
        endpoint=endpoint,
        audience=audience,
        **_careful(settings, endpoint, scope, insecure=settings.insecure_monitor),
    )


def _careful(settings: Settings, endpoint: str, scope: str, *, insecure: bool) -> dict[str, Any]:
    """As for every call of Azure: nothing is sent again by the SDK, no redirect is followed, and
    a token leaves for its own host only, with one of the three reads.
    """
    from compute.host_policy import HostPolicy
    from compute.repeated_reads import RepeatedReads
    from monitor.reads_policy import ReadsPolicy

    quiet()
    credential = credential_of(settings)
    plain: dict[str, Any] = (
        {"authentication_policy": _loopback_policy(credential, scope)} if insecure else {}
    )
    return {
        "retry_total": 0,
        "permit_redirects": False,
        "connection_timeout": _TIMEOUT_SECONDS,
        "read_timeout": _TIMEOUT_SECONDS,
        "per_call_policies": [RepeatedReads(credential.renew)],
        "per_retry_policies": [HostPolicy(endpoint), ReadsPolicy()],
        **plain,
    }


def _loopback_policy(
    credential: "TokenCredential", scope: str
) -> "BearerTokenCredentialPolicy[Any, Any]":
    """The SDK refuses to send tokens over plain http; on loopback nobody can eavesdrop."""
    from azure.core.pipeline import PipelineRequest
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy

    class LoopbackPolicy(BearerTokenCredentialPolicy[Any, Any]):
        def on_request(self, request: PipelineRequest[Any]) -> None:
            request.context.options.setdefault("enforce_https", False)
            super().on_request(request)  # pyright: ignore[reportUnknownMemberType]

    return LoopbackPolicy(credential, scope)
