"""What brings the news of one rollout to one receiver: what it has read, and what it still has to
deliver. Pure: the log of the rollout is what nothing is lost from; this is the place in it.
"""

from datetime import datetime, timedelta
from typing import Self

from rollout.base import Value
from rollout.news.kind import NewsKind
from rollout.news.news import News
from rollout.news.subject import Subject

GIVEN_UP_AFTER = timedelta(days=1)
"""How old a message may get that a receiver does not take."""
LAST_LOOKS = 5
"""How often it looks for what comes after the end, without finding anything."""
_FIRST_LOOK, _LONGEST_LOOK = timedelta(seconds=5), timedelta(minutes=2)
_FIRST_TRY, _LONGEST_TRY = timedelta(seconds=15), timedelta(minutes=15)


class FoundNews(Value):
    """What was found in the log: how far it was read (`mark`, and `taken`, the ids of what was
    found after it), whether the rollout still runs, and whether the receiver hears nothing of it.
    `tags` are those of the scale set that the receiver asks for, once they are known.
    """

    news: list[News] = []
    mark: str = ""
    taken: list[str] = []
    alive: bool = False
    deaf: bool = False
    tags: dict[str, str | None] = {}


class Delivery(Value):
    """What came of one message: `why` it was not taken, how long to wait at least until the next
    try, and whether there need be none: it is this message that the receiver does not take.
    """

    delivered: bool
    why: str = ""
    retry_after: float | None = None
    hopeless: bool = False


class GivenUp(Value):
    """A line in the list of what was not delivered: the message, to whom it was to go, and why it
    did not. `id` is that of the message for this receiver.
    """

    id: str
    receiver: str
    subject: Subject
    kind: NewsKind
    message: str
    time: datetime
    why: str


class Courier(Value):
    """`receiver` is its name. `tries` counts those of the first message that waits, `failing` is
    since when they fail and `why`; `idle` counts the looks that found nothing; `last_batch` is the
    last batch that the receiver was told of. `tags` are those of the scale set that the receiver
    asked for when they were read.
    """

    receiver: str
    subject: Subject
    mark: str = ""
    taken: list[str] = []
    waiting: list[News] = []
    tries: int = 0
    failing: datetime | None = None
    why: str = ""
    retry_after: float | None = None
    idle: int = 0
    last_batch: datetime | None = None
    given_up: list[GivenUp] = []
    alive: bool = True
    deaf: bool = False
    tags: dict[str, str | None] = {}

    @property
    def instance_id(self) -> str:
        return courier_id(self.receiver, self.subject)

    @property
    def shown(self) -> tuple[object, ...]:
        """What its line says that changes from try to try."""
        return len(self.waiting) if self.failing else 0, self.why

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to do: what comes after the end was looked for, too."""
        waits_for_more = self.alive or self.idle < LAST_LOOKS
        return self.deaf or not (self.waiting or waits_for_more)

    @property
    def pause(self) -> timedelta:
        """Until the next look or try."""
        if not self.waiting:
            return _doubled(_FIRST_LOOK, self.idle - 1, _LONGEST_LOOK)
        asked = timedelta(seconds=min(self.retry_after or 0, GIVEN_UP_AFTER.total_seconds()))
        return max(_doubled(_FIRST_TRY, self.tries - 1, _LONGEST_TRY), asked)

    def begun_again(self) -> Self:
        """Where it goes on after its end, or after it broke off."""
        return self.model_copy(update={"idle": 0, "alive": True, "deaf": False})

    def listed(self) -> Self:
        """Once all that was given up is in the list of that."""
        return self.model_copy(update={"given_up": []})

    def found(self, found: FoundNews) -> Self:
        """With what a look has found."""
        batches = [news.time for news in found.news if news.kind is NewsKind.BATCH_DONE]
        return self.model_copy(
            update={
                "mark": found.mark,
                "taken": found.taken,
                "waiting": [*self.waiting, *found.news],
                "alive": found.alive,
                "deaf": found.deaf,
                "tags": found.tags,
                "idle": 0 if found.news else self.idle + 1,
                "last_batch": batches[-1] if batches else self.last_batch,
            }
        )

    def after(self, tried: Delivery, now: datetime) -> Self:
        """After a try to deliver the first message that waits."""
        news, *rest = self.waiting
        done = {"waiting": rest, "tries": 0, "failing": None, "why": "", "retry_after": None}
        if tried.delivered:
            return self.model_copy(update=done)
        if tried.hopeless or now - news.time >= GIVEN_UP_AFTER:
            lost = GivenUp(
                id=f"{self.receiver}:{news.id}",
                receiver=self.receiver,
                subject=self.subject,
                kind=news.kind,
                message=news.data.message,
                time=news.time,
                why=tried.why,
            )
            return self.model_copy(update={**done, "given_up": [*self.given_up, lost]})
        failed = {"tries": self.tries + 1, "why": tried.why, "retry_after": tried.retry_after}
        return self.model_copy(update={**failed, "failing": self.failing or now})


def courier_id(receiver: str, subject: Subject) -> str:
    """The instance id of the orchestration that it is; no rollout can have it."""
    return f"news:{receiver}:{subject.id}"


def _doubled(first: timedelta, times: int, most: timedelta) -> timedelta:
    return min(first * 2 ** min(max(0, times), 10), most)
