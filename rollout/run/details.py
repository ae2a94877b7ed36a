"""A rollout as it is answered: with what follows from its view and its record."""

from typing import Self

from rollout.run.consequences import consequences_of
from rollout.run.log import State
from rollout.run.needs import Need, need_of
from rollout.run.timeline import TimelineBatch, timeline_of
from rollout.run.verb import Verb
from rollout.run.view import RolloutSummary, RolloutView


class RolloutDetails(RolloutView):
    """A rollout as users see it, with what it needs people for (`needs`, null if it does not), what
    each verb would do now (`consequences`), the steps of its batches (`timeline`), and how far its
    event log goes (`lastEvent`): what `after` takes for what comes then.
    """

    needs: Need | None = None
    consequences: dict[Verb, str] = {}
    timeline: list[TimelineBatch] = []
    last_event: str = ""

    @classmethod
    def of(cls, view: RolloutView, record: State) -> Self:
        return cls.model_construct(
            **dict(view),
            needs=need_of(view, view.repairs),
            consequences=consequences_of(view),
            timeline=timeline_of(record.get("events", []), view),
            last_event=record.get("mark", ""),
        )


class ListedRollout(RolloutSummary):
    """A line in the list, with what the rollout needs people for; null if it does not, or if a
    later one of the same scale set has begun.
    """

    needs: Need | None = None

    @classmethod
    def of_line(cls, line: RolloutSummary, superseded: set[str]) -> Self:
        need = need_of(line, line.repairs, superseded=line.id in superseded)
        return cls.model_construct(**dict(line), needs=need)
