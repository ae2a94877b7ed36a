"""The last check of a request before it leaves for Azure Monitor: it reads, and nothing else."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from rollout.base import ArmError, ArmErrorKind, ArmFailure

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest

_SEGMENT = r"(?!\.{1,2}(?:/|$))[^/]+"
_READS = re.compile(
    rf"GET /subscriptions/{_SEGMENT}/providers/Microsoft\.AlertsManagement/alerts"
    rf"|POST /subscriptions/{_SEGMENT}/metrics:getBatch"
    rf"|POST /v1/workspaces/{_SEGMENT}/query"
    rf"|POST /v1/subscriptions(?:/{_SEGMENT})+/query"
)


class ReadsPolicy(SansIOHTTPPolicy[Any, Any]):
    """Allows the three reads. The SDK for alerts would otherwise register a resource provider by
    itself. Raises ArmFailure (OutOfScope); then nothing was sent.
    """

    def on_request(self, request: "PipelineRequest[Any]") -> None:
        method, url = request.http_request.method, str(request.http_request.url)
        path = unquote(urlsplit(url).path)
        if not _READS.fullmatch(f"{method} {path}"):
            raise ArmFailure(
                ArmError(
                    kind=ArmErrorKind.REFUSED,
                    action=f"send {method} to",
                    resource=path,
                    status=0,
                    code="OutOfScope",
                    message="this app only reads alerts, metrics and logs of Azure Monitor",
                )
            )
