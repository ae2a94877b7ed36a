"""One piece of news: a CloudEvent, made of a line of an event log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rollout.base import EventKind, Phase, Value, sentence
from rollout.news.kind import NewsKind
from rollout.news.subject import Subject
from rollout.run import TelemetryContext

_LONGEST_MESSAGE = 1500
_TEST = "A test of where news go: whoever reads this will be told of rollouts"
_OF_PEOPLE = {NewsKind.NEEDS_YOU, NewsKind.PAUSED}


class NewsData(Value):
    """`message` is the sentence that the view shows; `who` may answer it, and `until` when it
    waits; `counts` are those of the end. `link` leads to its screen.
    """

    kind: NewsKind
    id: str
    fleet: str | None = None
    scale_set: str | None = None
    message: str
    phase: Phase | None = None
    counts: dict[str, int] | None = None
    who: str | None = None
    until: datetime | None = None
    reason: str | None = None
    link: str | None = None


class News(Value):
    """The attributes of CloudEvents 1.0 (github.com/cloudevents/spec, cloudevents/spec.md). The
    `id` follows from the line of the log alone: whoever receives it twice can tell.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: NewsData

    @property
    def kind(self) -> NewsKind:
        return self.data.kind


class Teller(Value):
    """What the app says of itself: its name, where its page is, and who may approve."""

    source: str = "/vmss-rollout"
    page: str = ""
    who: str = ""


class Known(Value):
    """What a log has said up to a line of it."""

    standing: TelemetryContext = TelemetryContext()
    reason: str | None = None

    def then(self, event: Mapping[str, Any]) -> "Known":
        """After one more line."""
        reason = self.reason
        if event["kind"] == EventKind.STARTED:
            reason = event.get("evidence", {}).get("request", {}).get("reason")
        return Known(standing=self.standing.then(event), reason=reason)


def news_id(subject: Subject, event: Mapping[str, Any]) -> str:
    """The same for the same line of the log; a number of its own for each line."""
    position = ".".join(map(str, event.get("position", [])))
    return f"{subject.id}/{event['at']}/{position}/{event['kind']}"


def news_of_test(teller: Teller, call_id: str, now: datetime) -> News:
    """What a receiver is sent to try it. `call_id` is that of the call that asked for it."""
    data = NewsData(kind=NewsKind.TEST, id="test", message=_TEST, link=teller.page or None)
    return News(
        id=f"test/{call_id}",
        source=teller.source,
        type="vmssrollout.test",
        subject="test",
        time=now,
        data=data,
    )


def news_of(
    event: Mapping[str, Any], kind: NewsKind, known: Known, subject: Subject, teller: Teller
) -> News:
    """What that line says to who was not looking; `known` is what was said up to it."""
    evidence: dict[str, Any] = event.get("evidence", {})
    data = NewsData(
        kind=kind,
        id=subject.id,
        fleet=subject.fleet,
        scale_set=known.standing.scale_set or None,
        message=sentence(event["message"], _LONGEST_MESSAGE),
        phase=None if known.standing.phase is Phase.PENDING else known.standing.phase,
        counts=evidence.get("counts"),
        who=teller.who or None if kind in _OF_PEOPLE else None,
        until=evidence.get("until"),
        reason=known.reason,
        link=subject.link(teller.page),
    )
    return News(
        id=news_id(subject, event),
        source=teller.source,
        type=f"vmssrollout.{subject.kind}.{kind}",
        subject=subject.id,
        time=datetime.fromisoformat(event["at"]),
        data=data,
    )
