"""Tells Application Insights, or whoever listens, what a rollout's record is told.

Called where events are recorded, which is outside of any orchestrator, so that no replay tells
anything twice. (An entity's operation that is carried out again after a crash tells it again.)
Without an exporter, nobody listens and nothing is kept (docs/adr/0016).
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry import metrics

from rollout.cell import Cell
from rollout.event import EventKind
from rollout.fleet_view import FleetSummary
from rollout.phase import Phase
from rollout.record import Summary
from rollout.standing import Standing

type Event = Mapping[str, Any]

_events = logging.getLogger("rollout.events")
_finished = logging.getLogger("rollout.finished")
_meter = metrics.get_meter("vmss_rollout")
_rollouts_started = _meter.create_counter("rollout.started", "{rollout}", "Rollouts begun")
_rollouts_finished = _meter.create_counter("rollout.finished", "{rollout}", "By phase")
_batch_duration = _meter.create_histogram("rollout.batch.duration", "s", "From start to verdict")
_upgraded = _meter.create_counter("rollout.instances.upgraded", "{instance}", "Verified healthy")
_unhealthy = _meter.create_counter("rollout.instances.unhealthy", "{instance}", "Failed a batch")

_LEVELS: dict[str, int] = {
    EventKind.WAITING: logging.WARNING,
    EventKind.PAUSED: logging.WARNING,
    EventKind.ROLLING_BACK: logging.WARNING,
    EventKind.BROKEN_OFF: logging.ERROR,
}


def tell(rollout_id: str, before: Sequence[Event], event: Event) -> None:
    """One log line, and what there is to count, for an event that joins those `before`."""
    standing = Standing.after(before).then(event)
    kind: str = event["kind"]
    level = logging.INFO if kind != EventKind.FINISHED else _level_of(standing.phase)
    _events.log(
        _LEVELS.get(kind, level),
        "Rollout %s: %s",
        rollout_id,
        _one_line(event["message"]),
        extra={
            "rolloutId": rollout_id,
            "scaleSet": standing.scale_set,
            "batch": standing.batch,
            "phase": standing.phase.value,
            "event": kind,
        },
    )
    _count(kind, standing, event)


def tell_end(summary: Summary | FleetSummary) -> None:
    """One log line for a rollout or fleet rollout that has ended: what came of it, in numbers."""
    if not summary.phase.ended:
        return
    one = isinstance(summary, Summary)
    what, counted = ("Rollout", "instances") if one else ("Fleet rollout", "scaleSets")
    counts = summary.counts.to_json()
    _finished.log(
        _level_of(summary.phase),
        "%s %s is %s: %s",
        what,
        summary.id,
        summary.phase.value,
        _one_line(summary.message),
        extra={
            "rolloutId": summary.id,
            "scaleSet": str(summary.scale_set) if one else "",
            "phase": summary.phase.value,
            "event": "rolloutFinished",
            "seconds": _seconds(summary),
            **{f"{counted}_{name}": count for name, count in counts.items()},
        },
    )


def _count(kind: str, standing: Standing, event: Event) -> None:
    match kind:
        case EventKind.STARTED:
            _rollouts_started.add(1, {"of": standing.subject})
        case EventKind.FINISHED | EventKind.BROKEN_OFF:
            labels = {"phase": standing.phase.value, "of": standing.subject}
            _rollouts_finished.add(1, labels)
        case EventKind.BATCH_FINISHED:
            _count_batch(standing, event)
        case _:
            pass


def _count_batch(standing: Standing, event: Event) -> None:
    """A batch that did not begin says of its instances what they were before: not counted."""
    outcome: Mapping[str, Any] = event["evidence"]
    where = {"phase": standing.phase.value}
    seconds = standing.batch_seconds(event)
    if seconds is not None:
        _batch_duration.record(seconds, where)
    if not outcome.get("halt"):
        _upgraded.add(outcome["cells"].count(Cell.DONE), where)
        _unhealthy.add(outcome["cells"].count(Cell.FAILED), where)


def _level_of(phase: Phase) -> int:
    return {Phase.FAILED: logging.ERROR, Phase.ROLLED_BACK: logging.WARNING}.get(
        phase, logging.INFO
    )


def _seconds(summary: Summary | FleetSummary) -> float | None:
    if summary.started_at is None or summary.finished_at is None:
        return None
    return (summary.finished_at - summary.started_at).total_seconds()


def _one_line(text: str) -> str:
    """A reason that somebody gives may hold line breaks: they must not look like lines of ours."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
