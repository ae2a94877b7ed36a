"""GET, POST and DELETE /api/stop-the-line: the switch for the whole app, and its log."""

from http import HTTPStatus

import azure.functions as func

from durable import lift_line, line_now, list_events, stop_line
from rollout.access import Permission
from rollout.line import LINE_ID, LineBody, LineChange, LineState
from triggers.web import LOG, Call, Route, after, answer, lines_answer, read_request, wants_lines


def line_routes() -> list[Route]:
    """As with a pause: whoever starts or approves may stop, and who starts lets go on."""
    return [
        Route("view_line", _view),
        Route("list_line_events", _list_events, LOG),
        Route("stop_line", _stop, needs=frozenset({Permission.START, Permission.APPROVE})),
        Route("lift_line", _lift, needs=frozenset({Permission.START})),
    ]


async def _view(call: Call) -> func.HttpResponse:
    return answer(LineState(stopped=await line_now(call.client)).to_json())


async def _list_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    events = await list_events(call.client, LINE_ID, after(call.req))
    return lines_answer(events) if lines else answer(events)


async def _stop(call: Call) -> func.HttpResponse:
    """Idempotent: the first stop counts."""
    stop = await stop_line(call.client, _change(call), call.invocation_id)
    return answer(LineState(stopped=stop).to_json())


async def _lift(call: Call) -> func.HttpResponse:
    """Idempotent; 202 if it takes long, and is not yet lifted."""
    stop = await lift_line(call.client, _change(call))
    status = HTTPStatus.ACCEPTED if stop else HTTPStatus.OK
    return answer(LineState(stopped=stop).to_json(), status)


def _change(call: Call) -> LineChange:
    return LineChange.of(read_request(call.req, LineBody), call.caller)
