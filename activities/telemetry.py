"""Sends a rollout's recorded events to Application Insights, or to any other listener.

Called where events are recorded, outside every orchestrator, so that a replay sends nothing twice.
(An entity operation that is repeated after a crash sends it again.) Without an exporter, nobody
listens and nothing is kept (docs/adr/0020).
"""

import logging
from collections.abc import Mapping
from typing import Any

from opentelemetry import metrics

from rollout.base import Cell, EventKind, Phase
from rollout.fleet import FleetSummary
from rollout.run import RepairsLine, RolloutSummary, TelemetryContext, repairs_message
from rollout.watch import StandingStill

type _LoggedEvent = Mapping[str, Any]

_events = logging.getLogger("rollout.events")
_watch = logging.getLogger("rollout.watch")
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
    EventKind.REPAIRS_NOT_RESTORED: logging.ERROR,
    EventKind.NOT_PUT_BACK: logging.ERROR,
    EventKind.BROKEN_OFF: logging.ERROR,
}


def log_event(rollout_id: str, before: TelemetryContext, event: _LoggedEvent) -> None:
    """One log line, and the metrics, for an event of a rollout that stood there before."""
    standing = before.then(event)
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


def log_end(summary: RolloutSummary | FleetSummary) -> None:
    """One log line for a rollout or fleet rollout that has ended: its result, in numbers."""
    if not summary.phase.ended:
        return
    single = isinstance(summary, RolloutSummary)
    what, counted = ("Rollout", "instances") if single else ("Fleet rollout", "scaleSets")
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
            "scaleSet": str(summary.scale_set) if single else "",
            "phase": summary.phase.value,
            "event": "rolloutFinished",
            "seconds": _seconds(summary),
            **{f"{counted}_{name}": count for name, count in counts.items()},
        },
    )


def log_standing_still(still: StandingStill) -> None:
    """One log line for a rollout that has not looked at its instances for too long."""
    _watch.error(
        "Rollout %s stands still: %s",
        still.id,
        still.message,
        extra={"rolloutId": still.id, "event": "standsStill"},
    )


def log_repairs(line: RepairsLine) -> None:
    """One log line for automatic repairs that could not be resumed, each time that is to be told;
    and one when that is over. Nothing while a rollout keeps them suspended.
    """
    if line.pending and not line.reported:
        return
    level, event = (
        (logging.ERROR, "repairsStaySuspended") if line.pending else (logging.INFO, "repairsEnded")
    )
    _watch.log(
        level,
        "Rollout %s: %s",
        line.id,
        _one_line(repairs_message(line.why) if line.pending else line.ended_with),
        extra={"rolloutId": line.id, "scaleSet": str(line.scale_set), "event": event},
    )


def _count(kind: str, standing: TelemetryContext, event: _LoggedEvent) -> None:
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


def _count_batch(standing: TelemetryContext, event: _LoggedEvent) -> None:
    """A batch that did not begin reports its instances' earlier states: not counted."""
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


def _seconds(summary: RolloutSummary | FleetSummary) -> float | None:
    if summary.started_at is None or summary.finished_at is None:
        return None
    return (summary.finished_at - summary.started_at).total_seconds()


def _one_line(text: str) -> str:
    """A user's reason may contain line breaks: they must not look like log lines of ours."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
