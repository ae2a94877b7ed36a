"""Too many instances have failed: the operator decides what happens to them."""

from orchestrators.engine import Steps, conclude_if_requested, rest, wait_for_decision
from orchestrators.rollout.batches import upgrade
from orchestrators.rollout.calendar import await_opening
from orchestrators.rollout.hooks import drained, is_draining
from orchestrators.rollout.line import await_line
from orchestrators.rollout.putting_back import put_back_now
from orchestrators.rollout.run import RolloutRun
from rollout.batch import Model
from rollout.plan import batches_of, given_up_reason
from rollout.run import Command, Unsettled, Verb, after_which, failure_of


def ask(run: RolloutRun, unsettled: Unsettled, model: Model) -> Steps[None]:
    """Returns when no more instances have failed than allowed, because the others were retried or
    skipped. Raises Concluded.
    """
    batch = unsettled.batch
    unsettled = yield from _retry(run, unsettled, model)
    while failure := failure_of(run.progress):
        expires = unsettled.asked_until or run.deadline
        rest(run)
        where = after_which(run.progress, batch.place)
        advice = "Retry or skip the failed instances, roll back, or abort."
        message = f"Paused {where}: {failure} {advice}"

        def late(failure: str = failure) -> str:
            why = f"{failure} No decision was made in time."
            return run.ending.failed(batch.place, why)

        if decision := (yield from wait_for_decision(run, message, expires, late)):
            run.progress = run.progress.consumed()
            unsettled = yield from _carry_out(run, decision, unsettled, model)
    conclude_if_requested(run)


def _carry_out(
    run: RolloutRun, decision: Command, unsettled: Unsettled, model: Model
) -> Steps[Unsettled]:
    failed = run.progress.tally.failed
    chosen = decision.instance_ids or failed
    ids = [instance_id for instance_id in failed if instance_id in chosen]
    if decision.verb is Verb.SKIP:
        run.progress = run.progress.skipping(ids, given_up_reason(decision.attribution))
        run.recorder.explain(run.progress.tally.reasons)
        return unsettled
    inventory = yield from run.read_inventory()
    instances = [instance for instance in inventory.instances if instance.instance_id in ids]
    batches = batches_of(run.request.policy.without_canary(), instances, inventory)
    return (yield from _retry(run, unsettled.retrying(batches), model))


def _retry(run: RolloutRun, unsettled: Unsettled, model: Model) -> Steps[Unsettled]:
    """Batch by batch; the rest stays as it is if the operator holds one up. Whoever is asked again
    after that has the full time.
    """
    while unsettled.retries:
        _note(run, unsettled)
        rest(run)
        batch, *others = unsettled.retries
        if not is_draining(run):
            yield from await_line(run)
            yield from await_opening(run, batch)
        yield from run.goes_on()  # automatic repairs may have run while it waited
        if not (yield from drained(run, batch)):
            if run.progress.control.holding:
                unsettled = unsettled.retrying([]).asking(run.decide_by)
            continue
        run.progress = run.progress.one_more()
        outcome = yield from upgrade(run, batch, model, run.deadline, again=True)
        yield from put_back_now(run)
        if outcome.halt:
            run.halt(f"the retry did not begin: {outcome.halt}")
        if outcome.held and not run.progress.control.holding:
            continue  # it was too late for the window, or the line was stopped: it waits
        unsettled = unsettled.retrying([] if outcome.held else others).asking(run.decide_by)
    _note(run, unsettled)
    return unsettled


def _note(run: RolloutRun, unsettled: Unsettled) -> None:
    if agenda := run.place.agenda:
        run.place = run.place.forward(agenda.with_unsettled(unsettled))
