"""POST /api/callbacks/{token}: where who was asked answers. Open to all who have the address."""

from datetime import UTC, datetime
from http import HTTPStatus

import azure.functions as func

from durable import Client, Reception, bring_answer, find_signing_key
from rollout.base import Problem, Refused
from rollout.callbacks import (
    CallbackAnswer,
    HeardAnswer,
    TakenAnswer,
    Ticket,
    looks_like_token,
    read_token,
)
from triggers.web import Call, Route, answer, read_request

_LARGEST = 8 * 1024


def callback_routes() -> list[Route]:
    """It needs no key and nobody who is signed in: the address itself is the right. Nothing is said
    of any rollout.
    """
    return [Route("answer_callback", _take, needs=frozenset())]


async def _take(call: Call) -> func.HttpResponse:
    _refuse_large(call.req)
    ticket = await _admitted(call.client, call.req.route_params.get("token", ""))
    given = read_request(call.req, CallbackAnswer)
    heard = HeardAnswer(question=ticket.question, answer=given)
    reception = await bring_answer(call.client, ticket, heard)
    if reception is not Reception.HEARD:
        raise Refused(_REFUSALS[reception])
    taken = TakenAnswer(id=ticket.question, verdict=given.verdict)
    return answer(taken.to_json(), HTTPStatus.ACCEPTED)


async def _admitted(client: Client, token: str) -> Ticket:
    """Raises Refused for an address that the app has not made, or that is too old. Anybody may
    call: what has not even the shape of one reads nothing from the storage.
    """
    key = await find_signing_key(client) if looks_like_token(token) else None
    ticket = read_token(token, key) if key else None
    if ticket is None:
        raise Refused(_UNKNOWN)
    if ticket.late(datetime.now(UTC)):
        raise Refused(_LATE)
    return ticket


def _refuse_large(req: func.HttpRequest) -> None:
    size = len(req.get_body())
    if size > _LARGEST:
        raise Refused(
            Problem(
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                title="The answer is too large",
                detail=f"The body has {size} bytes; the limit is {_LARGEST}. Nothing was counted: "
                "send a verdict and a short message.",
            )
        )


_UNKNOWN = Problem(
    status=HTTPStatus.NOT_FOUND,
    title="No such address",
    detail="This is no address that a question has named. Nothing was counted: use the whole "
    "address that was in the field callback of the question.",
)
_LATE = Problem(
    status=HTTPStatus.GONE,
    title="Too late",
    detail="The time to answer this question is over. Nothing was counted.",
)
_REFUSALS = {
    Reception.NOT_ASKED: Problem(
        status=HTTPStatus.CONFLICT,
        title="The question is not asked any more",
        detail="It was answered already, or was asked anew, or what it is about has gone on "
        "without it. The first answer counts; nothing was changed by this one.",
    ),
    Reception.SILENT: Problem(
        status=HTTPStatus.CONFLICT,
        title="Nobody listens at the moment",
        detail="Who asked has broken off, and goes on within minutes: it asks anew then, with a "
        "new address. Nothing was counted by this answer.",
        retry_after=120,
    ),
    Reception.ENDED: Problem(
        status=HTTPStatus.GONE,
        title="Too late",
        detail="What this question was about has ended. Nothing was counted.",
    ),
}
