"""What Durable keeps of questions that are answered later: the key that signs their addresses, and
the way of an answer to the orchestration that waits for it.
"""

import secrets
from enum import StrEnum

from durable.client import (
    Client,
    OrchestrationInstance,
    add_to_list,
    find_instance,
    index_lines,
    raised,
)
from durable.until import until
from rollout.base import Value
from rollout.callbacks import ANSWER, HeardAnswer, Ticket, may_be_open
from rollout.run import Handover

_KEYS_INDEX_KEY, _KEY_ID = "callback-keys", "callbacks"
_KEY_BYTES = 32
_LOOKS = 10
"""With the pause between two looks, two seconds: in Azure a turn takes less."""


class SigningKey(Value):
    """Made once, and kept as long as the task hub: an address outlives deployments and restarts."""

    id: str = _KEY_ID
    key: str

    @property
    def bytes(self) -> bytes:
        return bytes.fromhex(self.key)


class Reception(StrEnum):
    """What became of an answer. Silent: who asked has broken off, and will ask anew."""

    HEARD = "heard"
    NOT_ASKED = "notAsked"
    SILENT = "silent"
    ENDED = "ended"


async def find_signing_key(client: Client) -> bytes | None:
    """None as long as nothing was ever asked."""
    lines = await index_lines(client, _KEYS_INDEX_KEY)
    return SigningKey.from_json(lines[0]).bytes if lines else None


async def signing_key(client: Client) -> bytes:
    """The same; made if there is none. Of several that are made at once, the first one is kept."""
    if found := await find_signing_key(client):
        return found
    await add_to_list(client, _KEYS_INDEX_KEY, SigningKey(key=secrets.token_hex(_KEY_BYTES)))
    made = await until(lambda: find_signing_key(client))
    if made is None:
        raise TimeoutError("the key that signs addresses for answers is not there yet")
    return made


async def bring_answer(client: Client, ticket: Ticket, heard: HeardAnswer) -> Reception:
    """Bring it to who waits for it. Waits a moment until it was heard, so that a second answer is
    refused.
    """
    instance = await find_instance(client, ticket.instance)
    if instance is None or not instance.active:
        broken = instance is not None and instance.status == "Failed"
        return Reception.SILENT if broken else Reception.ENDED
    if _has_yet_to_ask(instance):
        return Reception.SILENT
    if not may_be_open(instance.custom_status, ticket.question):
        return Reception.NOT_ASKED
    if not await raised(client, ticket.instance, ANSWER, heard):
        return Reception.SILENT
    await until(lambda: _was_heard(client, ticket), _LOOKS)
    return Reception.HEARD


def _has_yet_to_ask(instance: OrchestrationInstance) -> bool:
    """Whether it was taken up just now: a question is published before it is posted. A further
    generation has published nothing at first, either, but was handed its questions.
    """
    return not instance.custom_status and Handover.of_input(instance.input) is None


async def _was_heard(client: Client, ticket: Ticket) -> bool | None:
    now = await find_instance(client, ticket.instance)
    waits = now and now.active and may_be_open(now.custom_status, ticket.question)
    return None if waits else True
