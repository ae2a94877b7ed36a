"""Calls a URL that a gate or a hook names, with its secrets, and says what the answer means."""

import json
from collections.abc import Callable, Mapping

from outbound import NoReply, Outgoing, call_refusal, reach, url_refusal
from rollout.base import FieldError, Secret
from rollout.gates import Answered, HttpCall
from settings import read_outbound, read_secret, revealed, why_lacking


async def ask_http(
    check: HttpCall, body: object, ours: Mapping[str, str] | None = None
) -> Answered:
    """What is answered to that body; `ours` are headers that nobody else may set. Whatever keeps it
    from an answer: it could not be told.
    """
    try:
        outgoing = _outgoing(check, body, ours or {})
    except LookupError as error:
        return Answered.unknown(str(error))
    reply = await reach(outgoing, read_outbound())
    if isinstance(reply, NoReply):
        return Answered.unknown(reply.reason)
    return check.judged(reply.status, _without_secrets(reply.body, check), reply.retry_after)


def _without_secrets(body: bytes, check: HttpCall) -> bytes:
    """What a host answers is logged: some answer what they were sent."""
    for name in check.secrets:
        body = body.replace(read_secret(name).encode(), b"(hidden)")
    return body


def call_errors(check: HttpCall) -> list[FieldError]:
    """What is known to be wrong with it without a call: secrets that are not there, an address that
    is never called.
    """
    named = {f"headers.{name}": each for name, each in check.headers.items()}
    return address_errors(check.url, named, lambda: _outgoing(check, None, {}))


def address_errors(
    url: str | Secret, named: Mapping[str, str | Secret | None], whole: Callable[[], Outgoing]
) -> list[FieldError]:
    """What is known to be wrong, without a call, with an address that users name, and with what is
    `named` beside it, by its path. `whole` makes the call: only once no secret is lacking.
    """
    secrets = {
        path: each for path, each in {"url": url, **named}.items() if isinstance(each, Secret)
    }
    missing = [
        FieldError(path=path, message=why)
        for path, each in secrets.items()
        if (why := why_lacking(each.secret))
    ]
    if any(error.path == "url" for error in missing):
        return missing
    allowed = read_outbound()
    refused = url_refusal(revealed(url), allowed) if missing else call_refusal(whole(), allowed)
    return [*missing, *([FieldError(path="url", message=refused)] if refused else [])]


def repetition_of(call_id: str) -> dict[str, str]:
    """The header by which the other side sees a repetition (draft-ietf-httpapi-idempotency-key);
    none without an id.
    """
    return {"Idempotency-Key": call_id} if call_id else {}


def without_ours[V](headers: Mapping[str, V], ours: Mapping[str, str]) -> dict[str, V]:
    """Those that users name, without what we set ourselves."""
    reserved = {name.lower() for name in ours}
    return {name: value for name, value in headers.items() if name.lower() not in reserved}


def _outgoing(check: HttpCall, body: object, ours: Mapping[str, str]) -> Outgoing:
    """Raises LookupError if a secret is not there."""
    headers = {name: revealed(value) for name, value in without_ours(check.headers, ours).items()}
    encoded, kind = _encoded(body)
    given = {name.lower() for name in headers}
    kinds = {"Content-Type": kind} if kind and "content-type" not in given else {}
    sent = {**kinds, **headers, **ours}
    return Outgoing(check.sent_as, revealed(check.url), sent, encoded, check.answer_within)


def _encoded(body: object) -> tuple[bytes | None, str | None]:
    if body is None:
        return None, None
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"
