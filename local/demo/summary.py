"""The end of the demo: the result, each batch, and the ground truth."""

from collections.abc import Iterable
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from local.demo.truth import Truth
from rollout.base import Event, EventKind, Phase, spoken
from rollout.run import RolloutView


def batch_durations(events: Iterable[Event]) -> list[tuple[str, timedelta]]:
    """Each finished batch as the event log names it, and how long it took."""
    began: dict[int, Event] = {}
    durations: list[tuple[str, timedelta]] = []
    for event in events:
        if event.kind is EventKind.BATCH_STARTED:
            began[event.evidence["number"]] = event
        if event.kind is EventKind.BATCH_FINISHED:
            start = began[event.evidence["number"]]
            durations.append((start.message, event.at - start.at))
    return durations


def failure(view: RolloutView, truth: Truth) -> str | None:
    """Why the demo has not succeeded, or None: the rollout says so, and the truth agrees."""
    if view.phase is not Phase.SUCCEEDED:
        return f"the rollout ended as {view.phase}"
    if truth.against:
        return f"the rollout says it succeeded, but: {'; '.join(truth.against)}"
    return None


def summary(events: Iterable[Event], truth: Truth) -> RenderableType:
    """The batches and the truth, a line each."""
    lines = Table.grid(padding=(0, 2))
    for name, duration in batch_durations(events):
        lines.add_row(name, spoken(duration))
    lines.add_row("", "")
    lines.add_row(Text("What the simulated Azure saw", "bold"), "")
    for what, value in _facts(truth):
        lines.add_row(what, value)
    return Group(lines)


def _facts(truth: Truth) -> list[tuple[str, str]]:
    domain = truth.peak_down_in_one_domain
    return [
        ("on the new image", f"{truth.on_target} of {truth.total}"),
        ("healthy", f"{truth.healthy} of {truth.total}"),
        ("down at once", f"at most {truth.peak_down}, at most {domain} in one update domain"),
        ("violations", "; ".join(truth.violations) or "none"),
        ("ARM requests", str(truth.requests)),
    ]
