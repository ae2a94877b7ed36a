"""All that holds a rollout beside the health of its batches, in the order in which it is asked: the
gates of its policy, and what is no gate but is waited for as one is: approvals, the bake of the
canary, pauses. Told from the view and the event log.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from rollout.base import EventKind, Phase, spoken
from rollout.gates import GateLine, GatePlace, GateVerdict
from rollout.run.progress_view import Waits
from rollout.run.timeline import BatchState, Events, StepName, TimelineBatch
from rollout.run.verb import Verb
from rollout.run.view import RolloutView

_ORDER = [
    GatePlace.START,
    GatePlace.BEFORE_BATCH,
    GatePlace.BAKE,
    GatePlace.AFTER_BATCH,
    GatePlace.END,
]
_APPROVALS = {
    "start": ("approval of the start", GatePlace.START),
    "canary": ("approval after the canary", GatePlace.BEFORE_BATCH),
    "everyBatch": ("approval of each batch", GatePlace.BEFORE_BATCH),
}
_BEFORE_A_PAUSE = {
    EventKind.BATCH_FINISHED,
    EventKind.GATES_PASSED,
    EventKind.GATE_NOTED,
    EventKind.GATE_FAILED,
    EventKind.SKIP_REQUESTED,
}
"""After the last of these begins the pause between two batches."""


def gate_list(
    view: RolloutView, events: Events, timeline: Sequence[TimelineBatch]
) -> list[GateLine]:
    """A line for each, those of the same place in the order of the policy."""
    gates = [until_decided(gate, view.waits) for gate in view.gates]
    others = [*_paused(view), *_pause(view, events), *_approval(view, events)]
    return sorted([*others, *_bake(view, timeline), *gates], key=_place)


def _place(line: GateLine) -> int:
    return _ORDER.index(line.place) if line.place in _ORDER else len(_ORDER)


def until_decided(gate: GateLine, waits: Waits | None) -> GateLine:
    """With until when the operator is asked about it, if that is what is waited for."""
    asked = waits is not None and waits.gate == gate.name
    return gate.model_copy(update={"until": waits.until}) if waits and asked else gate


def _approval(view: RolloutView, events: Events) -> Iterator[GateLine]:
    if view.policy.approval not in _APPROVALS:
        return
    name, place = _APPROVALS[view.policy.approval]
    line = GateLine(name=name, kind="approval", place=place)
    given = [event for event in events if event["kind"] == EventKind.APPROVED]
    if view.phase is Phase.AWAITING_APPROVAL:
        yield _waited_for(line, view)
    elif given:
        yield _said(line, GateVerdict.PASSED, given[-1]["message"], _when(given[-1]))
    else:
        yield line


def _paused(view: RolloutView) -> Iterator[GateLine]:
    """By somebody, or because somebody has to decide about what failed; only while it is."""
    if view.phase is Phase.PAUSED:
        begun = GatePlace.BEFORE_BATCH if view.batch else GatePlace.START
        place = GatePlace.AFTER_BATCH if Verb.SKIP in view.verbs else begun
        yield _waited_for(GateLine(name="pause", kind="pause", place=place), view)


def _waited_for(line: GateLine, view: RolloutView) -> GateLine:
    waits = view.waits
    said = _said(line, GateVerdict.NOT_YET, view.message, waits.since if waits else view.updated_at)
    return said.model_copy(update={"until": waits.until if waits else None})


def _pause(view: RolloutView, events: Events) -> Iterator[GateLine]:
    """That between two batches, by the policy."""
    length = view.policy.pause_between_batches
    if not length:
        return
    line = GateLine(name="pause between batches", kind="pause", place=GatePlace.BEFORE_BATCH)
    marks = [event for event in events if event["kind"] in _BEFORE_A_PAUSE]
    between = view.batch_began_at is None and 0 < view.batch < view.batches
    if not (between and marks) or view.phase.ended:
        yield line
        return
    began = _when(marks[-1])
    until, now = began + length, view.updated_at or began
    verdict = GateVerdict.NOT_YET if now < until else GateVerdict.PASSED
    said = _said(line, verdict, f"{spoken(length)} between two batches", began)
    yield said.model_copy(update={"until": until})


def _bake(view: RolloutView, timeline: Sequence[TimelineBatch]) -> Iterator[GateLine]:
    canary = view.policy.canary
    if canary is None:
        return
    line = GateLine(name="bake of the canary", kind="bake", place=GatePlace.BAKE)
    batches = [each for each in timeline if each.canary and not each.rolling_back]
    length = max(canary.bake, view.policy.health.stable)
    yield _baked(line, batches[-1], length) if batches else line


def _baked(line: GateLine, batch: TimelineBatch, length: timedelta) -> GateLine:
    healthy = [step for step in batch.steps if step.step is StepName.BAKE]
    if batch.state is BatchState.FAILED:
        return _said(line, GateVerdict.FAILED, "The canary has failed", batch.ended_at)
    if not healthy:
        return line
    if batch.state is BatchState.DONE:
        message = f"The canary was healthy for {spoken(length)}"
        return _said(line, GateVerdict.PASSED, message, batch.ended_at)
    if batch.state is not BatchState.RUNNING:
        return line
    message = f"The canary must stay healthy for {spoken(length)}"
    baking = _said(line, GateVerdict.NOT_YET, message, healthy[-1].began_at)
    return baking.model_copy(update={"until": healthy[-1].began_at + length})


def _said(line: GateLine, verdict: GateVerdict, message: str, at: datetime | None) -> GateLine:
    return line.model_copy(update={"verdict": verdict, "message": message, "at": at})


def _when(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])
