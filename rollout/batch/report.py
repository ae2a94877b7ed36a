"""The messages of a running batch, and its outcome when it is done."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from rollout.base import LONGEST_MESSAGE, ArmError, Cell, LineStop, Stop, shortened, spoken
from rollout.batch.gate import Selection
from rollout.batch.order import BatchOrder, BatchOutcome, BatchStatus
from rollout.batch.pace import NextLook
from rollout.batch.verdict import GONE, Verdict, on_the_way_back
from rollout.batch.watch import Watch, WatchLimits


def watch_limits(order: BatchOrder) -> WatchLimits:
    """How long each instance must be healthy, and how long the batch may take. A canary bakes: it
    must stay healthy for the longer of `stable` and `bake`, and its timeout grows by `bake`.
    """
    health, canary = order.policy.health, order.policy.canary if order.batch.canary else None
    bake = canary.bake if canary else timedelta(0)
    return WatchLimits(
        stable=max(health.stable, bake),
        timeout=order.policy.worst_case(canary=order.batch.canary),
        interval=health.interval,
        unhealthy_after=health.unhealthy_after,
    )


def status_of(
    order: BatchOrder,
    now: datetime,
    message: str,
    watch: Watch | None = None,
    pause: timedelta | None = None,
) -> BatchStatus:
    """What the batch publishes: its cells, one line of text, and when it looks again: after
    `pause`, or else after the policy's interval.
    """
    return BatchStatus(
        cells=order.letters(watch.cells() if watch else {}),
        message=shortened(message, LONGEST_MESSAGE),
        updated_at=now,
        next_look_at=now + (order.policy.health.interval if pause is None else pause),
        upgraded_at=watch.upgraded_at if watch else None,
        healthy_at=watch.healthy_at if watch else None,
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
_GOING_BACK = {**_DOING, Cell.UPGRADING: "going back", Cell.DONE: "back"}


def until_listable(order: BatchOrder, wait: timedelta) -> str:
    """The message while nothing may be listed."""
    return f"{heading(order)}: reading the instances in {spoken(wait)}, {_long(order)}"


def _long(order: BatchOrder) -> str:
    allowed = f"{order.allowance.each_minute:g} a minute"
    return f"because a list of them has {order.pages} pages and Azure allows {allowed}"


def watching(order: BatchOrder, watch: Watch, look: NextLook | None = None) -> str:
    """The message while the batch is watched: how many instances are in which state."""
    counts = Counter(watch.cells().values())
    words = _GOING_BACK if order.rolls_back else _DOING
    doing = ", ".join(f"{counts[cell]} {text}" for cell, text in words.items() if counts[cell])
    nothing = "nothing left to put back" if order.rolls_back else "nothing left to upgrade"
    what = f"{heading(order)}: {doing or nothing}"
    if watch.delayed:
        return f"{what}. Azure's own operation on them is still running: they are not judged yet"
    if look and look.stretched:
        return f"{what}. Looking again in {spoken(look.after)}, {_long(order)}"
    return what


def sent(order: BatchOrder, instances: int) -> str:
    """Azure has taken the batch."""
    if order.rolls_back:
        return f"Azure accepted to put {instances} instance(s) back"
    return f"Azure accepted the upgrade of {instances} instance(s)"


def may_have_been_sent(order: BatchOrder, reason: str) -> BatchOutcome:
    """The batch broke off: whatever may have been sent counts as sent."""
    return BatchOutcome(cells=Cell.UPGRADING.value * len(order.cells), halt=reason)


def not_sent(
    order: BatchOrder, reason: str, *, unhealthy: bool = False, passes: bool = False
) -> BatchOutcome:
    """The batch goes no further, and the rollout must halt. Every instance is unchanged, unless an
    earlier try may have been sent.
    """
    return BatchOutcome(cells=order.cells, halt=reason, unhealthy=unhealthy, passes=passes)


def held(order: BatchOrder, stopped: LineStop | None = None) -> BatchOutcome:
    """The operator wants a pause or the end, or the line is stopped, and nothing of the batch was
    sent.
    """
    return BatchOutcome(cells=order.cells, held=True, stopped=stopped)


def outcome_of(order: BatchOrder, selection: Selection, verdict: Verdict) -> BatchOutcome:
    """The result for every instance of the batch. One that Azure never began to upgrade is what it
    was.
    """
    left_out = {**selection.left_out, **verdict.left_out}
    done = [each for each in selection.instance_ids if each not in verdict.unmoved]
    cells = {
        **dict.fromkeys(done, Cell.DONE),
        **dict.fromkeys(verdict.failed, Cell.FAILED),
        **_left_out_cells(left_out),
    }
    reasons = {**left_out, **verdict.failed}
    if order.rolls_back:
        reasons = {each: on_the_way_back(reason) for each, reason in reasons.items()}
    return BatchOutcome(cells=order.letters(cells), reasons=reasons)


def broken_off(order: BatchOrder, selection: Selection, watch: Watch, stop: Stop) -> BatchOutcome:
    """The batch has begun but is no longer watched: each instance keeps its last observed state."""
    cells = order.letters(_left_out_cells(selection.left_out) | watch.cells())
    reasons = selection.left_out
    return BatchOutcome(cells=cells, reasons=reasons, halt=stop.reason, passes=stop.passes)


def nothing_left(order: BatchOrder, selection: Selection) -> BatchOutcome:
    """No instance of the batch needs an upgrade any more."""
    cells = order.letters(_left_out_cells(selection.left_out))
    return BatchOutcome(cells=cells, reasons=selection.left_out)


def summary_of(outcome: BatchOutcome) -> str:
    """The batch's outcome in a few words: "3 done, 1 failed"."""
    counts = Counter(Cell(letter).label for letter in outcome.cells)
    return ", ".join(f"{count} {label}" for label, count in counts.items())


def _left_out_cells(reasons: Mapping[str, str]) -> dict[str, Cell]:
    return {
        instance_id: Cell.GONE if reason == GONE else Cell.SKIPPED
        for instance_id, reason in reasons.items()
    }
