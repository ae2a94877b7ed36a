"""Upgrades a batch as a sub-orchestration, and judges what came of it."""

from datetime import datetime

from orchestrators.context import Steps
from orchestrators.run import Run
from rollout.batch_report import said_of
from rollout.event import EventKind
from rollout.model import Model
from rollout.names import UPGRADE_BATCH, batch_id
from rollout.plan import Batch
from rollout.upgrade import BatchOutcome


def upgrade(
    run: Run, batch: Batch, model: Model, not_after: datetime, *, again: bool = False
) -> Steps[BatchOutcome]:
    """One batch, as a sub-orchestration, so that no history grows without bound."""
    run.progress = run.progress.began(batch, run.now)
    run.publish()
    numbered = batch.model_copy(update={"number": run.progress.batch})
    run.journal.write(EventKind.BATCH_STARTED, run.progress.message, **numbered.to_json())
    order = run.progress.upgrade(batch, model, not_after, again=again)
    child = run.context.call_sub_orchestrator(
        UPGRADE_BATCH, order.to_json(), batch_id(run.progress.order.id, order.number)
    )
    outcome = BatchOutcome.from_json((yield from run.operator.wait(child)))
    run.progress = run.progress.after(batch, outcome, run.now)
    run.publish()
    if outcome.reasons:
        run.journal.explain(run.progress.reasons)
    told = f"{run.progress.message}: {said_of(outcome)}"
    evidence = {"number": order.number, **outcome.to_json()}
    run.journal.write(EventKind.BATCH_FINISHED, told, **evidence)
    return outcome
