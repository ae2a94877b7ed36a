"""The messages of a running batch, and its outcome when it is done."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from rollout.base import LONGEST_MESSAGE, ArmError, Cell, shortened, spoken
from rollout.batch.gate import GONE, Selection
from rollout.batch.order import BatchOrder, BatchOutcome, BatchStatus
from rollout.batch.watch import Watch


def watch_times(order: BatchOrder) -> tuple[timedelta, timedelta]:
    """How long each instance must be healthy, and how long the batch may take. A canary bakes: it
    must stay healthy for the longer of `stable` and `bake`, and its timeout grows by `bake`.
    """
    policy = order.policy
    stable, timeout = policy.health.stable, policy.health.timeout
    if not order.batch.canary or policy.canary is None:
        return stable, timeout
    return max(stable, policy.canary.bake), timeout + policy.canary.bake


def status_of(
    order: BatchOrder,
    now: datetime,
    message: str,
    watch: Watch | None = None,
    pause: timedelta | None = None,
) -> BatchStatus:
    """What the batch publishes: its cells, one line of text, and when it looks again: after
    `pause`, which is at least the policy's interval.
    """
    return BatchStatus(
        cells=order.letters(watch.cells() if watch else {}),
        message=shortened(message, LONGEST_MESSAGE),
        updated_at=now,
        next_look_at=now + max(order.policy.health.interval, pause or timedelta(0)),
    )


def heading(order: BatchOrder) -> str:
    """The beginning of every message of a batch: "Batch 2 of 5 (update domain 1)"."""
    canary = "canary, " if order.batch.canary else ""
    return f"Batch {order.batch.number} of {order.batches} ({canary}{order.batch.place})"


def waiting_for_azure(order: BatchOrder, error: ArmError, delay: timedelta) -> str:
    """The message while Azure calls fail; that says nothing about the instances."""
    return f"{heading(order)}: {error}. Trying again in {spoken(delay)}"


_DOING = {
    Cell.UPGRADING: "upgrading",
    Cell.CHECKING: "waiting to be healthy",
    Cell.SETTLING: "healthy, stabilizing",
    Cell.DONE: "done",
    Cell.FAILED: "failed",
}


def watching(order: BatchOrder, watch: Watch) -> str:
    """The message while the batch is watched: how many instances are in which state."""
    counts = Counter(watch.cells().values())
    doing = ", ".join(f"{counts[cell]} {text}" for cell, text in _DOING.items() if counts[cell])
    return f"{heading(order)}: {doing or 'nothing left to upgrade'}"


def may_have_been_sent(order: BatchOrder, reason: str) -> BatchOutcome:
    """The batch broke off: whatever may have been sent counts as sent."""
    return BatchOutcome(cells=Cell.UPGRADING.value * len(order.cells), halt=reason)


def untouched(order: BatchOrder, reason: str, *, unhealthy: bool = False) -> BatchOutcome:
    """The batch did not begin and the rollout must halt; every instance is unchanged."""
    return BatchOutcome(cells=order.cells, halt=reason, unhealthy=unhealthy)


def outcome_of(
    order: BatchOrder, selection: Selection, watch: Watch, failures: Mapping[str, str]
) -> BatchOutcome:
    """The result for every instance of the batch."""
    through = {
        instance_id: Cell.FAILED if instance_id in failures else watch.final_cell(instance_id)
        for instance_id in watch.instance_ids
    }
    gone = [instance_id for instance_id, cell in through.items() if cell is Cell.GONE]
    return BatchOutcome(
        cells=order.letters(_left_out_cells(selection) | through),
        reasons={**selection.left_out, **dict.fromkeys(gone, GONE), **failures},
    )


def broken_off(order: BatchOrder, selection: Selection, watch: Watch, reason: str) -> BatchOutcome:
    """The batch has begun but is no longer watched: each instance keeps its last observed state."""
    cells = order.letters(_left_out_cells(selection) | watch.cells())
    return BatchOutcome(cells=cells, reasons=selection.left_out, halt=reason)


def nothing_left(order: BatchOrder, selection: Selection) -> BatchOutcome:
    """No instance of the batch needs an upgrade any more."""
    cells = order.letters(_left_out_cells(selection))
    return BatchOutcome(cells=cells, reasons=selection.left_out)


def summary_of(outcome: BatchOutcome) -> str:
    """The batch's outcome in a few words: "3 done, 1 failed"."""
    counts = Counter(Cell(letter).label for letter in outcome.cells)
    return ", ".join(f"{count} {label}" for label, count in counts.items())


def _left_out_cells(selection: Selection) -> dict[str, Cell]:
    return {
        instance_id: Cell.GONE if reason == GONE else Cell.SKIPPED
        for instance_id, reason in selection.left_out.items()
    }
