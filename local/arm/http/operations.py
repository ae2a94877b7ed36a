"""How operations are announced and polled."""

from collections.abc import Mapping

from starlette.responses import Response

from local.arm.base import Json, merged
from local.arm.bodies import operation_body, operation_url, quoted
from local.arm.http.answer import empty_answer, json_answer
from local.arm.http.call import Call
from local.arm.model import Operation


def accepted(call: Call, operation: Operation, retry_after: int | None) -> Response:
    """The answer to a POST or DELETE: 202, no body, two URLs (recorded: manualupgrade-202)."""
    headers = _announced(call, operation, retry_after)
    monitor = operation_url(operation, call.base, call.api_version, monitor=True)
    return empty_answer(202, {**headers, "Location": monitor})


def written(call: Call, operation: Operation, body: Json, status: int) -> Response:
    """The answer to a PUT or PATCH of a gallery version (recorded: its put-201)."""
    url = operation_url(operation, call.base, call.api_version, monitor=False)
    return json_answer(body, status, {"Azure-AsyncOperation": url})


def updating(
    call: Call, operation: Operation, body: Json, etag: int, retry_after: int | None
) -> Response:
    """The answer to a PUT or PATCH: 200, the resource, one URL (recorded: vmss-put-uniform)."""
    headers = {**_announced(call, operation, retry_after), "ETag": quoted(etag)}
    started = merged(body, {"properties": {"provisioningState": "Updating"}})
    return json_answer(started, 200, headers)


def read_operation(call: Call) -> Response:
    """GET of an operation, or of its monitor."""
    operation = call.azure.operation(call.path("operation"))
    if call.query("monitor") != "true":
        return json_answer(operation_body(operation, call.now))
    if not operation.runs(call.now):
        return empty_answer(200)
    monitor = operation_url(operation, call.base, call.api_version, monitor=True)
    return empty_answer(202, {"Location": monitor})


def _announced(call: Call, operation: Operation, retry_after: int | None) -> Mapping[str, str]:
    url = operation_url(operation, call.base, call.api_version, monitor=False)
    wait = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return {"Azure-AsyncOperation": url, "Azure-AsyncNotification": "Enabled", **wait}
