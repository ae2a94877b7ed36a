"""What a courier asks: what is there to tell, and what came of telling it. And the list of them."""

from datetime import datetime
from typing import Self

from rollout.base import Activity, Value
from rollout.news.courier import Courier, Delivery, FoundNews
from rollout.news.news import News
from rollout.news.subject import Subject
from rollout.run import ProgressFields

DELIVER_NEWS = "deliver_news"
NEWS_INDEX_KEY = "news"
"""The list of couriers; kept in shards (rollout/run/index.py)."""
GIVEN_UP_INDEX_KEY = "givenUp"
"""The list of what was not delivered."""


class FindNews(Value):
    """What is that courier to tell next?"""

    courier: Courier


class SendNews(Value):
    """Tell that receiver."""

    receiver: str
    news: News


FIND_NEWS = Activity("find_news", FindNews, FoundNews)
SEND_NEWS = Activity("send_news", SendNews, Delivery)


class CourierLine(Value):
    """A line in the list of couriers: how many messages wait, since when and why. `id` is that of
    the courier's orchestration; `ended_at` is null while it is to run. `untagged`: it has ended,
    since the scale set has not the tags that the receiver asks for.
    """

    id: str
    receiver: str
    subject: Subject
    since: datetime | None = None
    waiting: int = 0
    failing: datetime | None = None
    why: str = ""
    ended_at: datetime | None = None
    untagged: bool = False

    @property
    def open(self) -> bool:
        """Whether it is to run."""
        return self.ended_at is None

    @classmethod
    def of(cls, courier: Courier, now: datetime | None = None) -> Self:
        """As it stands at that moment; None: before it has begun."""
        return cls(
            id=courier.instance_id,
            receiver=courier.receiver,
            subject=courier.subject,
            since=now,
            waiting=len(courier.waiting),
            failing=courier.failing,
            why=courier.why,
            ended_at=now if courier.ended else None,
            untagged=courier.deaf and bool(courier.tags),
        )


def needs_courier(shown: ProgressFields | None, line: CourierLine | None, *, pending: bool) -> bool:
    """Whether a courier is to run for what is listed as that, by its own line in the list of
    couriers; `pending` if something of it is still looked after.
    """
    if line is not None and line.untagged:
        return False
    if pending or (shown is not None and not shown.phase.ended):
        return True
    if shown is None or line is None or line.ended_at is None or shown.finished_at is None:
        return False
    return shown.finished_at > line.ended_at
