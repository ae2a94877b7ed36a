"""Who is told what: the setting ROLLOUT_NEWS."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from rollout.base import Duration, Phase, Request, Secret
from rollout.news.kind import TROUBLES, NewsKind
from rollout.news.news import News
from rollout.news.subject import Subject, SubjectKind
from rollout.plan import Audience

MOST_RECEIVERS = 10
_OF_ROLLOUTS = frozenset(NewsKind) - {NewsKind.IMAGE_WAITS, NewsKind.TEST}

ReceiverName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9\-]{0,29}$")]


_Pattern = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
_Https = Annotated[
    str, StringConstraints(strict=True, max_length=2000, pattern=r"^https?://[^\s/@]+(/\S*)?$")
]


class ReceiverKind(StrEnum):
    """In which form a receiver is told."""

    WEBHOOK = "webhook"
    EVENT_GRID = "eventGrid"
    SLACK = "slack"
    TEAMS = "teams"


class Only(Request):
    """What a receiver is told of: each of these that is given must be so. `ids` and `fleets` are
    patterns with * and ?: of the id of a rollout, fleet rollout or followed image, and of the fleet
    rollout that it is or belongs to. `tags` are such patterns, too, by the name of a tag: with
    them, only rollouts are told of, those of scale sets that have all these tags.
    """

    kinds: Annotated[list[NewsKind], Field(min_length=1)] | None = None
    phases: Annotated[list[Phase], Field(min_length=1)] | None = None
    ids: _Pattern | None = None
    fleets: _Pattern | None = None
    tags: Annotated[dict[_Pattern, _Pattern], Field(min_length=1, max_length=10)] | None = None

    def about(self, subject: Subject) -> bool:
        """Whether it hears of that one at all, as far as its id says."""
        tagged = self.tags is None or subject.kind is SubjectKind.ROLLOUT
        return tagged and _fits(self.ids, subject.id) and _fits(self.fleets, subject.fleet)

    def named(self, tags: Mapping[str, str]) -> dict[str, str | None]:
        """Of a scale set's tags those that matter here, as they are named here; None for one that
        it does not have. In Azure, names of tags are without case (Microsoft's tag resources).
        """
        there = {name.casefold(): value for name, value in tags.items()}
        return {name: there.get(name.casefold()) for name in self.tags or {}}

    def takes(self, named: Mapping[str, str | None]) -> bool | None:
        """Whether a scale set with these of its tags is one; None if one of them is not known."""
        asked = self.tags or {}
        if not asked.keys() <= named.keys():
            return None
        return all(_fits(pattern, named[name]) for name, pattern in asked.items())

    def wants(self, news: News) -> bool:
        """Whether it is told of this, of one that it hears of."""
        kinds, phases = self.kinds, self.phases
        return (kinds is None or news.kind in kinds) and (
            phases is None or news.data.phase in phases
        )


class Receiver(Request):
    """One that is told. A webhook has a `url`, and a `key` with which each call is signed; Slack
    and Teams have the `url` that they gave out, which is a secret; an Event Grid topic has an
    `endpoint`.
    `batchesEvery` is how often at most a batch that is done is told of one rollout; `members` is
    what is told of the rollouts of a fleet rollout: its own news say how many are through.
    """

    name: ReceiverName
    kind: ReceiverKind
    url: _Https | Secret | None = None
    endpoint: _Https | None = None
    key: Secret | None = None
    only: Only = Only()
    batches_every: Duration = timedelta(minutes=10)
    members: Literal["all", "troubles", "none"] = "troubles"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        topic, hook = self.kind is ReceiverKind.EVENT_GRID, self.kind is ReceiverKind.WEBHOOK
        needed, other = ("endpoint", "url") if topic else ("url", "endpoint")
        if getattr(self, needed) is None:
            raise ValueError(f"{needed} is required for kind {self.kind}")
        if getattr(self, other) is not None:
            raise ValueError(f"{other} means nothing for kind {self.kind}: leave it out")
        if self.key and not hook:
            raise ValueError(f"key signs a webhook; for kind {self.kind} leave it out")
        return self

    @property
    def secrets(self) -> list[str]:
        """The names of the secrets that it needs."""
        return [named.secret for named in (self.url, self.key) if isinstance(named, Secret)]

    def hears_of(self, subject: Subject) -> bool:
        """Whether it is ever told of that one, as far as its id says."""
        outside = self.members == "none" and subject.is_member
        return not outside and self.only.about(subject)

    def would_hear(self, subject: Subject) -> list[NewsKind]:
        """Which kinds of news it is told of that one; none if it never hears of it."""
        if not self.hears_of(subject):
            return []
        few = subject.is_member and self.members == "troubles"
        wanted = self.only.kinds or [*NewsKind]
        return [kind for kind in (TROUBLES if few else _OF_ROLLOUTS) if kind in wanted]

    def wants(self, news: News, subject: Subject, last_batch: datetime | None) -> bool:
        """Whether it is told of this; `last_batch` is when it was last told of a batch."""
        if subject.is_member and self.members == "troubles" and news.kind not in TROUBLES:
            return False
        if news.kind is NewsKind.BATCH_DONE and last_batch is not None:
            return news.time - last_batch >= self.batches_every and self.only.wants(news)
        return self.only.wants(news)


class NewsRules(Request):
    """The setting ROLLOUT_NEWS. `page` is where the dashboard is, for links: Azure says that."""

    page: _Https | None = None
    receivers: Annotated[list[Receiver], Field(max_length=MOST_RECEIVERS)] = []

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [receiver.name for receiver in self.receivers]
        if len(set(names)) < len(names):
            raise ValueError("receivers: two have the same name: give each its own")
        return self

    def hearing_of(self, subject: Subject) -> Sequence[Receiver]:
        """Those that may be told of it."""
        return [receiver for receiver in self.receivers if receiver.hears_of(subject)]

    def audience_of(self, *subjects: Subject) -> list[Audience]:
        """Who would be told of any of these, and which kinds of news."""
        found = [_audience(each, subjects) for each in self.receivers]
        return [each for each in found if each.kinds]

    def named(self, name: str) -> Receiver | None:
        """The receiver of that name; None if the setting has it no more."""
        return next((each for each in self.receivers if each.name == name), None)


def _audience(receiver: Receiver, subjects: Sequence[Subject]) -> Audience:
    heard = {kind for subject in subjects for kind in receiver.would_hear(subject)}
    kinds: list[str] = [kind for kind in NewsKind if kind in heard]
    return Audience(name=receiver.name, kind=receiver.kind, kinds=kinds)


NO_NEWS = NewsRules()


def _fits(pattern: str | None, text: str | None) -> bool:
    """Without case: ids are in lower case."""
    if pattern is None:
        return True
    return text is not None and fnmatchcase(text.casefold(), pattern.casefold())
