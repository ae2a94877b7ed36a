"""Finds the news in an event log: what a receiver is to be told, and has not been told yet."""

from collections.abc import Iterator, Sequence

from rollout.news.courier import Courier, FoundNews
from rollout.news.kind import NewsKind, news_kind
from rollout.news.news import Known, News, Teller, news_of
from rollout.news.receivers import Receiver
from rollout.run import State, events_after, marked

MOST_FOUND = 20
"""How many messages one look finds: those after them are found by the next."""


def find_in(
    log: Sequence[State], mark: str, courier: Courier, receiver: Receiver, teller: Teller
) -> FoundNews:
    """What of the whole log, which goes as far as `mark`, that receiver is to be told next. All
    that arrived after the courier's mark is looked at: what comes late is not lost, wherever it
    stands in the log. Where there is more than fits, the mark stays, and `taken` says what was
    found after it.
    """
    found: list[News] = []
    last_batch = courier.last_batch
    for news in _new_in(log, courier, teller):
        if news.id in courier.taken or not receiver.wants(news, courier.subject, last_batch):
            continue
        if len(found) == MOST_FOUND:
            taken = [*courier.taken, *(each.id for each in found)]
            return FoundNews(news=found, mark=courier.mark, taken=taken)
        found.append(news)
        last_batch = news.time if news.kind is NewsKind.BATCH_DONE else last_batch
    return FoundNews(news=found, mark=mark)


def _new_in(log: Sequence[State], courier: Courier, teller: Teller) -> Iterator[News]:
    """All that arrived after its mark and is news, oldest first."""
    arrived = {_place(event) for event in events_after(log, marked(courier.mark))}
    known = Known()
    for event in log:
        known, kind = known.then(event), news_kind(event)
        if kind is not None and _place(event) in arrived:
            yield news_of(event, kind, known, courier.subject, teller)


def _place(event: State) -> tuple[str, int]:
    return event["part"], event["number"]
