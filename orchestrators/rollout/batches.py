"""Upgrades a batch as a sub-orchestration, so that no history grows without limit."""

from collections.abc import Sequence
from datetime import datetime

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind, first_line
from rollout.batch import BatchOrder, BatchOutcome, Model, may_have_been_sent, summary_of
from rollout.plan import Batch
from rollout.run import UPGRADE_BATCH, batch_id, failures

_MOST_ATTEMPTS = 5
"""How often in succession a batch may break off before the rollout stops."""


def upgrade(
    run: RolloutRun,
    batch: Batch,
    model: Model,
    not_after: datetime,
    *,
    again: bool = False,
    taken_up: bool = False,
    coming: Sequence[Batch] | None = None,
) -> Steps[BatchOutcome]:
    """The outcome of one batch, after adding it to the progress, the log and the custom status. A
    batch whose orchestration breaks off is taken up by another: what was sent outlives the sender.
    `coming` are the batches after it, if these are known.
    """
    left = _MOST_ATTEMPTS
    while True:
        run.progress = run.progress.batch_started(batch, run.now)
        order = run.progress.batch_order(batch, model, not_after, again=again, taken_up=taken_up)
        order = order.before(coming)
        outcome = yield from _attempt(run, order)
        left -= 1
        if isinstance(outcome, BatchOutcome):
            break
        broke = f"its orchestration broke off: {outcome}"
        outcome = may_have_been_sent(order, broke)
        if not left:
            break
        taken_up = True
        run.progress = run.progress.batch_finished(batch, outcome, run.now).one_more()
        message = f"Batch {order.batch.number} is taken up, because {broke}"
        run.recorder.write(EventKind.TAKEN_UP, message, number=order.batch.number)
    if outcome.stopped:
        run.place = run.place.at_line(outcome.stopped, run.now)
    note_outcome(run, batch, outcome)
    run.read_last = outcome
    return outcome


def _attempt(run: RolloutRun, order: BatchOrder) -> Steps[BatchOutcome | str]:
    """The outcome, or why the batch's orchestration broke off."""
    run.publish()
    evidence = order.batch.to_json()
    run.recorder.write(EventKind.BATCH_STARTED, run.progress.message, **evidence)
    order = order.model_copy(update={"position": run.recorder.position})
    child = run.context.call_sub_orchestrator(
        UPGRADE_BATCH,
        order.to_json(),
        batch_id(order.rollout_id, order.batch.number),
        run.context.version,
    )
    try:
        return BatchOutcome.from_json((yield from run.events.wait(child)))
    except Exception as error:  # noqa: BLE001 - whatever ended it: its instances must be looked at
        return first_line(str(error))


def note_outcome(run: RolloutRun, batch: Batch, outcome: BatchOutcome) -> None:
    """Add the outcome to the progress, the log and the custom status."""
    run.progress = run.progress.batch_finished(batch, outcome, run.now)
    run.publish()
    if outcome.reasons:
        run.recorder.explain(run.progress.tally.reasons)
    message = f"{run.progress.message}: {summary_of(outcome)}"
    evidence = {"number": run.progress.batch, **outcome.logged}
    run.recorder.write(EventKind.BATCH_FINISHED, message, **evidence)


def note_useless(run: RolloutRun, canary: Batch) -> None:
    """Report that a canary has proved nothing."""
    reasons = failures(canary.instance_ids, run.progress.tally.reasons)
    message = f"The canary has proved nothing, another one takes its place: {reasons}"
    run.report(message)
    run.recorder.write(EventKind.LEFT_OUT, message, instanceIds=canary.instance_ids)
