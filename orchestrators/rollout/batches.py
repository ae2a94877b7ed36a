"""Upgrades a batch as a sub-orchestration, so that no history grows without limit."""

from datetime import datetime

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind
from rollout.batch import BatchOutcome, Model, summary_of
from rollout.plan import Batch
from rollout.run import UPGRADE_BATCH, batch_id


def upgrade(
    run: RolloutRun, batch: Batch, model: Model, not_after: datetime, *, again: bool = False
) -> Steps[BatchOutcome]:
    """The outcome of one batch, after adding it to the progress, the log and the custom status."""
    run.progress = run.progress.batch_started(batch, run.now)
    run.publish()
    order = run.progress.batch_order(batch, model, not_after, again=again)
    evidence = order.batch.to_json()
    run.recorder.write(EventKind.BATCH_STARTED, run.progress.message, **evidence)
    child = run.context.call_sub_orchestrator(
        UPGRADE_BATCH, order.to_json(), batch_id(order.rollout_id, order.batch.number)
    )
    outcome = BatchOutcome.from_json((yield from run.events.wait(child)))
    run.progress = run.progress.batch_finished(batch, outcome, run.now)
    run.publish()
    if outcome.reasons:
        run.recorder.explain(run.progress.tally.reasons)
    message = f"{run.progress.message}: {summary_of(outcome)}"
    evidence = {"number": order.batch.number, **outcome.to_json()}
    run.recorder.write(EventKind.BATCH_FINISHED, message, **evidence)
    return outcome
