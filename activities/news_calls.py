"""Makes the calls that bring news to a receiver, and says what came of each."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from compute.topics import publish
from outbound import NoReply, Outgoing, Reply, reach
from rollout.base import SettingError, first_line
from rollout.news import (
    CLOUD_EVENT,
    Delivery,
    News,
    Receiver,
    ReceiverKind,
    Teller,
    cloud_event,
    news_of_test,
    signed,
    slack_message,
    teams_message,
)
from settings import read_outbound, read_secret, revealed

_FORMATS: Mapping[ReceiverKind, Callable[[News], dict[str, Any]]] = {
    ReceiverKind.WEBHOOK: cloud_event,
    ReceiverKind.SLACK: slack_message,
    ReceiverKind.TEAMS: teams_message,
}
_HOPELESS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""It is this message that is not taken: the next one may be."""
_SAID = 200


async def deliver(receiver: Receiver, news: News) -> Delivery:
    """One try to tell that receiver; raises nothing that a receiver or a setting can cause."""
    if receiver.kind is ReceiverKind.EVENT_GRID:
        return await _published(receiver.endpoint or "", news)
    try:
        outgoing = _outgoing(receiver, news, datetime.now(UTC))
        reply = await reach(outgoing, read_outbound())
    except (LookupError, ValueError, SettingError) as error:
        return Delivery(delivered=False, why=str(error))
    return _outcome(reply)


async def deliver_test(receiver: Receiver, teller: Teller, call_id: str) -> Delivery:
    """Tell that receiver that this is a test."""
    return await deliver(receiver, news_of_test(teller, call_id, datetime.now(UTC)))


async def _published(endpoint: str, news: News) -> Delivery:
    """The settings have refused any endpoint but Event Grid's: the app's token goes there."""
    refusal = await publish(endpoint, cloud_event(news))
    if refusal is None:
        return Delivery(delivered=True)
    return Delivery(delivered=False, why=refusal.why, hopeless=refusal.status in _HOPELESS)


def _outgoing(receiver: Receiver, news: News, now: datetime) -> Outgoing:
    """Raises LookupError without a secret that it needs, ValueError for a key that is none."""
    body = json.dumps(_FORMATS[receiver.kind](news)).encode()
    hook = receiver.kind is ReceiverKind.WEBHOOK
    headers = {"Content-Type": CLOUD_EVENT if hook else "application/json"}
    key = read_secret(receiver.key.secret) if receiver.key else ""
    if key:
        headers |= signed(news.id, body, key, now)
    return Outgoing("POST", revealed(receiver.url or ""), headers, body, key=key)


def _outcome(reply: Reply | NoReply) -> Delivery:
    if isinstance(reply, NoReply):
        return Delivery(delivered=False, why=reply.reason)
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return Delivery(delivered=True)
    said = first_line(reply.body[:_SAID].decode(errors="replace")) if reply.body else ""
    return Delivery(
        delivered=False,
        why=f"it answered {reply.status}{f': {said}' if said else ''}",
        retry_after=wait.total_seconds() if (wait := reply.retry_after) else None,
        hopeless=reply.status in _HOPELESS,
    )
