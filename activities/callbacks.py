"""The activity that posts a question to somebody who answers later."""

import json
from datetime import UTC, datetime
from http import HTTPStatus

from activities.http_calls import address_errors, repetition_of, without_ours
from durable import Client, signing_key
from outbound import NoReply, Outgoing, reach
from rollout.base import FieldError, SettingError
from rollout.callbacks import CallbackTarget, Posted, PostQuestion, Ticket, token_of
from rollout.news import signed
from settings import (
    read_address,
    read_outbound,
    read_secret,
    revealed,
    why_no_address,
)


async def post_question(client: Client, task: PostQuestion) -> Posted:
    """One POST. Run again, it posts the same question; either address leads to it."""
    if why := why_no_address():
        return Posted(delivered=False, message=why)
    callback = f"{read_address()}/api/callbacks/{await _token(client, task)}"
    try:
        reply = await reach(_outgoing(task, callback), read_outbound())
    except (LookupError, ValueError, SettingError) as error:
        return Posted(delivered=False, message=str(error))
    if isinstance(reply, NoReply):
        return Posted(delivered=False, message=reply.reason)
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return Posted(delivered=True)
    return Posted(delivered=False, message=f"it answered {reply.status}")


async def _token(client: Client, task: PostQuestion) -> str:
    """It expires by the clock of the machines, on which who answers is let in."""
    expires = datetime.now(UTC) + task.valid_for
    ticket = Ticket(task.asking.instance, task.question.id, int(expires.timestamp()) + 1)
    return token_of(ticket, await signing_key(client))


def _outgoing(task: PostQuestion, callback: str) -> Outgoing:
    """Raises LookupError without a secret that it needs, ValueError for a key that is none."""
    target, ours = task.asking.target, repetition_of(task.asking.call_id)
    body = json.dumps(task.document(callback)).encode()
    headers = {
        "Content-Type": "application/json",
        **{name: revealed(value) for name, value in without_ours(target.headers, ours).items()},
        **ours,
    }
    key = _key_of(target)
    if key:
        headers |= signed(task.question.id, body, key, datetime.now(UTC))
    return Outgoing("POST", revealed(target.url), headers, body, target.answer_within, key=key)


def _key_of(target: CallbackTarget) -> str:
    """Empty if it is not signed. Raises LookupError without the secret."""
    return read_secret(target.key.secret) if target.key else ""


def target_errors(target: CallbackTarget) -> list[FieldError]:
    """What is known to be wrong with it without a call: secrets that are not there, an address that
    is never called, and none to answer to. The paths are below it.
    """
    named = {**{f"headers.{name}": v for name, v in target.headers.items()}, "key": target.key}
    errors = address_errors(target.url, named, lambda: _tried(target))
    if why := why_no_address():
        errors.append(FieldError(path="kind", message=why))
    return errors


def _tried(target: CallbackTarget) -> Outgoing:
    """Its call without a question."""
    headers = {name: revealed(value) for name, value in target.headers.items()}
    key = _key_of(target)
    return Outgoing("POST", revealed(target.url), headers, timeout=target.answer_within, key=key)
