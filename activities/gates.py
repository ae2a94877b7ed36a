"""The activity that asks a gate: one question, one answer."""

import json
import re
from datetime import timedelta

from activities.bindings import GateActivity
from outbound import NoReply, Outgoing, Reply, reach
from rollout.base import Secret
from rollout.gates import ASK_GATE, Answered, GateQuestion, HttpGate
from settings import read_outbound, read_secret

_SECONDS = re.compile(r"[0-9]{1,6}")


async def _ask(question: GateQuestion) -> Answered:
    """What the gate says now. Whatever keeps it from an answer is no failure: it could not tell."""
    match question.gate.check:
        case HttpGate() as check:
            return await _ask_http(check)


async def _ask_http(check: HttpGate) -> Answered:
    try:
        outgoing = _outgoing(check)
    except LookupError as error:
        return Answered.unknown(str(error))
    reply = await reach(outgoing, read_outbound())
    if isinstance(reply, NoReply):
        return Answered.unknown(reply.reason)
    return check.judged(reply.status, reply.body, _retry_after(reply))


def _retry_after(reply: Reply) -> timedelta | None:
    """In seconds: a date would have to be compared with another machine's clock."""
    text = reply.headers.get("retry-after", "").strip()
    return timedelta(seconds=int(text)) if _SECONDS.fullmatch(text) else None


def _outgoing(check: HttpGate) -> Outgoing:
    """Raises LookupError if a secret is not there."""
    headers = {name: _value(value) for name, value in check.headers.items()}
    body, kind = _encoded(check.body)
    given = {name.lower() for name in headers}
    kinds = {"Content-Type": kind} if kind and "content-type" not in given else {}
    return Outgoing(
        check.sent_as, _value(check.url), {**kinds, **headers}, body, check.answer_within
    )


def _value(value: str | Secret) -> str:
    return read_secret(value.secret) if isinstance(value, Secret) else value


def _encoded(body: object) -> tuple[bytes | None, str | None]:
    if body is None:
        return None, None
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


GATES = {"ask_gate": GateActivity(ASK_GATE, _ask)}
"""By the names under which orchestrators call them."""
