"""Reads calendars of freezes that stand elsewhere."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from outbound import NoReply, Outgoing, reach
from rollout.base import SettingError, sentence
from rollout.windows import Freeze, FreezeCalendar, FreezeFeed, Span
from settings import read_outbound, revealed

_MOST_BYTES = 512 * 1024
_WITHIN = timedelta(seconds=20)


async def read_feeds(
    feeds: Sequence[FreezeFeed], now: datetime, ahead: datetime
) -> list[FreezeFeed] | None:
    """All of them, those that were not just read as they stand there now, up to `ahead`; None if
    none was to be read. What cannot be read says why.
    """
    if not any(feed.due(now) for feed in feeds):
        return None
    span = Span(now - timedelta(days=1), ahead)
    return list(await asyncio.gather(*(_read(feed, now, span) for feed in feeds)))


async def _read(feed: FreezeFeed, now: datetime, span: Span) -> FreezeFeed:
    if not feed.due(now):
        return feed
    try:
        text = await _fetched(feed.source)
        freezes = await asyncio.to_thread(_freezes, text, feed.source, span)
    except (LookupError, ValueError, SettingError) as error:
        return feed.failed(sentence(str(error)), now)
    return feed.read(freezes, now)


async def _fetched(source: FreezeCalendar) -> str:
    """The file. Raises LookupError without a secret, ValueError with why there is no file."""
    outgoing = Outgoing("GET", revealed(source.calendar), timeout=_WITHIN, most_bytes=_MOST_BYTES)
    reply = await reach(outgoing, read_outbound())
    if isinstance(reply, NoReply):
        raise ValueError(reply.reason)
    if reply.status != HTTPStatus.OK:
        raise ValueError(f"it answered {reply.status}: see whether the address is right")
    return reply.body.decode("utf-8-sig")


def _freezes(text: str, source: FreezeCalendar, span: Span) -> list[Freeze]:
    from activities.ical import freezes_in

    return freezes_in(text, source, span)
