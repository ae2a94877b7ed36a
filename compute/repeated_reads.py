"""Sends a read again when that is safe, and soon enough to succeed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from azure.core.pipeline.policies import HTTPPolicy

from compute.retry_after import retry_after
from compute.waiting import may_wait

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest, PipelineResponse

_SHORT_OF_ROOM = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_NEW_TOKENS = 2
_SHORTEST_WAIT_SECONDS = 1.0


class RepeatedReads(HTTPPolicy[Any, Any]):
    """Repeats a GET, and never anything else: one page of a list that was throttled, say, instead
    of the whole list. Azure says for how long it throttles (Retry-After); what is longer than
    `waiting` allows is not waited for. A GET whose token was refused is repeated with a new token.

    It stands before the SDK's own policies, so that each repetition gets its own token.
    """

    def __init__(self, renew_token: Callable[[], None]) -> None:
        super().__init__()
        self._renew_token = renew_token

    def send(self, request: "PipelineRequest[Any]") -> "PipelineResponse[Any, Any]":
        tokens = _NEW_TOKENS
        while True:
            response = self.next.send(request)
            refused = response.http_response.status_code == HTTPStatus.UNAUTHORIZED
            if refused:
                self._renew_token()
            tokens -= refused
            again = tokens >= 0 if refused else _waited(request, response)
            if request.http_request.method != "GET" or not again:
                return response
            response.http_response.close()  # what nobody reads would keep its connection


def _waited(request: "PipelineRequest[Any]", response: "PipelineResponse[Any, Any]") -> bool:
    """Whether Azure's wait was short enough, and is over; by the SDK's own way to sleep."""
    http = response.http_response
    asked = retry_after(http.headers) if http.status_code in _SHORT_OF_ROOM else None
    if request.http_request.method != "GET" or asked is None:
        return False
    seconds = max(asked, _SHORTEST_WAIT_SECONDS)
    if not may_wait(seconds):
        return False
    transport: Any = request.context.transport
    transport.sleep(seconds)
    return True
