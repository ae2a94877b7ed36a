"""Counts the calls to Azure Resource Manager, and how many of them were throttled."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from azure.core.pipeline.policies import SansIOHTTPPolicy
from opentelemetry import metrics

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest, PipelineResponse

_meter = metrics.get_meter("vmss_rollout")
_calls = _meter.create_counter("arm.calls", "{call}", "Calls of Azure Resource Manager")
_throttled = _meter.create_counter("arm.throttled", "{call}", "Calls answered 429")

NO_ANSWER = 0


class MetricsPolicy(SansIOHTTPPolicy[Any, Any]):
    """Counts each request as sent: by method, and by the status of the response (0: none)."""

    def on_response(
        self, request: "PipelineRequest[Any]", response: "PipelineResponse[Any, Any]"
    ) -> None:
        status: int = response.http_response.status_code
        _calls.add(1, {"method": request.http_request.method, "status": status})
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            _throttled.add(1, {"method": request.http_request.method})

    def on_exception(self, request: "PipelineRequest[Any]") -> None:
        _calls.add(1, {"method": request.http_request.method, "status": NO_ANSWER})
