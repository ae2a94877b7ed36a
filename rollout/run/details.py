"""A rollout as it is answered: with what follows from its view and its record."""

from typing import Self

from rollout.run.consequences import consequences_of
from rollout.run.gate_list import gate_list
from rollout.run.log import State
from rollout.run.needs import Need, need_of
from rollout.run.timeline import TimelineBatch, timeline_of
from rollout.run.verb import Verb
from rollout.run.view import RolloutSummary, RolloutView


class RolloutDetails(RolloutView):
    """A rollout as users see it, with what it needs people for (`needs`, null if it does not), what
    each verb would do now (`consequences`), the steps of its batches (`timeline`), and how far its
    event log goes (`lastEvent`): what `after` takes for what comes then. `gates` has approvals, the
    canary's bake and pauses as well, in the order in which they are asked.
    """

    needs: Need | None = None
    consequences: dict[Verb, str] = {}
    timeline: list[TimelineBatch] = []
    last_event: str = ""

    @classmethod
    def of(cls, view: RolloutView, record: State) -> Self:
        events = record.get("events", [])
        timeline = timeline_of(events, view)
        listed = view.model_copy(update={"gates": gate_list(view, events, timeline)})
        return cls.model_construct(
            **dict(listed),
            needs=need_of(view, view.repairs),
            consequences=consequences_of(view),
            timeline=timeline,
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
