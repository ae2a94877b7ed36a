"""What a batch says while it runs, and what is made of it when it is through."""

from collections import Counter
from datetime import datetime, timedelta

from rollout.cell import Cell
from rollout.duration import spoken
from rollout.gate import GONE, Proceed
from rollout.problem import ArmError, shortened
from rollout.upgrade import BatchOutcome, BatchStatus, Upgrade, row_with
from rollout.watch import Finished, Watch

_MESSAGE = 2000  # characters of JSON: a custom status holds 16 KB


def watch_times(upgrade: Upgrade) -> tuple[timedelta, timedelta]:
    """For how long each instance must be healthy, and how long the batch may take. A canary bakes:
    it must stay healthy for the longer of the two times, and gets that much more to do so.
    """
    policy = upgrade.policy
    stable, timeout = policy.health.stable, policy.health.timeout
    if not upgrade.canary or policy.canary is None:
        return stable, timeout
    return max(stable, policy.canary.bake), timeout + policy.canary.bake


def status(
    upgrade: Upgrade, now: datetime, message: str, watch: Watch | None = None
) -> BatchStatus:
    """What the batch publishes: its row of the heat map, and one line of text."""
    cells = watch.cells() if watch else {}
    return BatchStatus(
        row=upgrade.row,
        cells=row_with(upgrade, cells),
        message=shortened(message, _MESSAGE),
        updated_at=now,
    )


def heading(upgrade: Upgrade) -> str:
    """How every message of a batch begins: "Batch 2 of 5 (update domain 1)"."""
    canary = "canary, " if upgrade.canary else ""
    return f"Batch {upgrade.number} of {upgrade.batches} ({canary}{upgrade.place})"


def waiting_for_azure(upgrade: Upgrade, error: ArmError, delay: timedelta) -> str:
    """Said while Azure does not do what is asked; nothing is wrong with the instances by that."""
    return f"{heading(upgrade)}: {error}. Trying again in {spoken(delay)}"


_DOING = {
    Cell.UPGRADING: "upgrading",
    Cell.CHECKING: "waiting to be healthy",
    Cell.SETTLING: "healthy, until stable",
    Cell.DONE: "done",
    Cell.FAILED: "failed",
}


def watching(upgrade: Upgrade, watch: Watch) -> str:
    """Said while the batch is watched: how many instances do what."""
    counts = Counter(watch.cells().values())
    doing = ", ".join(f"{counts[cell]} {text}" for cell, text in _DOING.items() if counts[cell])
    return f"{heading(upgrade)}: {doing or 'nothing left to upgrade'}"


def untouched(upgrade: Upgrade, reason: str, *, sick: bool = False) -> BatchOutcome:
    """The batch did not begin, and the rollout must halt; each instance is what it was."""
    cells = "".join(upgrade.row_cells[offset] for offset in upgrade.offsets)
    return BatchOutcome(cells=cells, halt=reason, sick=sick)


def outcome(upgrade: Upgrade, proceed: Proceed, watch: Watch, finished: Finished) -> BatchOutcome:
    """What became of every instance of the batch."""
    cells = {one: _left_out_cell(reason) for one, reason in proceed.left_out.items()}
    for one in watch.instance_ids:
        final = upgrade.done if watch.final_cell(one) is Cell.DONE else Cell.GONE
        cells[one] = Cell.FAILED if one in finished.failures else final
    gone = [one for one in watch.instance_ids if cells[one] is Cell.GONE]
    return BatchOutcome(
        cells="".join(cells[one] for one in upgrade.instance_ids),
        reasons={**proceed.left_out, **dict.fromkeys(gone, GONE), **finished.failures},
    )


def broken_off(upgrade: Upgrade, proceed: Proceed, watch: Watch, reason: str) -> BatchOutcome:
    """The batch is under way, and is watched no longer: each instance is what was seen last."""
    cells = {one: _left_out_cell(why) for one, why in proceed.left_out.items()} | watch.cells()
    return BatchOutcome(
        cells="".join(cells[one] for one in upgrade.instance_ids),
        reasons=proceed.left_out,
        halt=reason,
    )


def nothing_left(upgrade: Upgrade, proceed: Proceed) -> BatchOutcome:
    """No instance of the batch needs to be upgraded any more."""
    cells = "".join(_left_out_cell(proceed.left_out[one]) for one in upgrade.instance_ids)
    return BatchOutcome(cells=cells, reasons=proceed.left_out)


def said_of(outcome: BatchOutcome) -> str:
    """What became of the batch in a few words: "3 done, 1 failed"."""
    counts = Counter(Cell(letter).word for letter in outcome.cells)
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _left_out_cell(reason: str) -> Cell:
    return Cell.GONE if reason == GONE else Cell.SKIPPED
