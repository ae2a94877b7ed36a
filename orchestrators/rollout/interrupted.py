"""A rollout that broke off is taken up: first, what became of the batch that was under way?"""

from collections.abc import Collection
from datetime import timedelta

from orchestrators.engine import Steps, rest
from orchestrators.rollout.batches import note_outcome, upgrade
from orchestrators.rollout.run import RolloutRun
from rollout.batch import BatchOrder, BatchOutcome, ObservedTime, may_have_been_sent
from rollout.plan import widening
from rollout.run import READ_PART, PartRead, ReadPart, batch_id


def outcome_of_interrupted(run: RolloutRun, order: BatchOrder) -> Steps[BatchOutcome]:
    """The batch went on by itself: its outcome, when it has one. If it broke off too, it is taken
    up, unless the operator wants the end: then its instances only come to rest.
    """
    part = yield from _ended(run, order)
    if part.output is not None:
        outcome = BatchOutcome.from_json(part.output)
        note_outcome(run, order.batch, outcome)
        return outcome
    sent = may_have_been_sent(order, f"its orchestration broke off: {part.reason}")
    run.progress = run.progress.batch_finished(order.batch, sent, run.now)
    if run.progress.control.ending or run.progress.rolling_back != order.rolls_back:
        yield from come_to_rest(run, order.instance_ids)
        return sent.model_copy(update={"halt": None})
    begin_by = None if run.progress.control.glass else order.begin_by
    run.progress = run.progress.opened(begin_by).one_more()
    return (yield from upgrade(run, order.batch, order.model, order.not_after, taken_up=True))


def _ended(run: RolloutRun, order: BatchOrder) -> Steps[PartRead]:
    """Wait until that batch's orchestration is over."""
    task = ReadPart(instance_id=batch_id(order.rollout_id, order.batch.number))
    while True:
        part = yield from run.activities.ask(READ_PART, task)
        if not part.running:
            return part
        rest(run)
        run.report(f"Waiting for batch {order.batch.number}, which is under way")
        yield from run.activities.sleep(order.policy.health.interval)


def come_to_rest(
    run: RolloutRun, instance_ids: Collection[str] = (), at_most: timedelta | None = None
) -> Steps[None]:
    """Wait, for as long as a batch may take (or `at_most`), until Azure changes neither the scale
    set nor any of these instances.
    """
    health = run.request.policy.health
    time = ObservedTime.begin(health.interval, run.now)
    most = at_most or health.timeout
    while time.spent < most:
        inventory = yield from run.read_inventory()
        ours = [each for each in inventory.instances if each.instance_id in instance_ids]
        if not inventory.scale_set.moving and not any(each.moving for each in ours):
            return
        pause = widening(time.spent, most, health.interval)
        time = time.reaching(pause + run.until_listable, health.interval)
        run.report(f"Waiting until Azure has finished what it does to {run.request.scale_set.name}")
        yield from run.activities.sleep(pause)
        time = time.looked(run.now)
