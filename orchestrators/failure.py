"""Too many instances have failed: stop, turn back, or ask the operator."""

from orchestrators.batches import upgrade
from orchestrators.checkpoint import heed_the_end, may_begin
from orchestrators.context import Steps
from orchestrators.run import Run, TurnBack
from orchestrators.stop import Stop
from rollout import ending
from rollout.command import Command
from rollout.event import EventKind
from rollout.model import Model
from rollout.phase import Phase, Verb
from rollout.plan import Batch, batches_of
from rollout.problem import sentence, shortened
from rollout.skip import given_up_reason
from rollout.upgrade import BatchOutcome

_REASON = 250  # what a command's reason holds


def act_on(run: Run, failure: str, place: str, model: Model) -> Steps[None]:
    """Returns when the rollout may go on all the same. Raises Stop or TurnBack."""
    match run.request.policy.on_failure:
        case "stop":
            raise Stop(Phase.FAILED, ending.stopped(run.progress, place, failure))
        case "rollback":
            raise TurnBack(f"What failed {ending.after_batch(run.progress, place)}: {failure}")
        case "pause":
            yield from _ask(run, failure, place, model)


def halt_or_ask(run: Run, batch: Batch, outcome: BatchOutcome) -> Steps[None]:
    """A batch did not begin. Because of the fleet's health, the policy decides; any other reason
    makes it unsafe to do anything. Returns when the operator wants it tried again.
    """
    did = "did not begin" if outcome.unbegun else "was given up"
    reason = f"batch {run.progress.batch} ({batch.place}) {did}: {outcome.halt}"
    policy = run.request.policy.on_failure
    if outcome.sick and policy == "rollback":
        raise TurnBack(ending.halted(run.progress, reason))
    if not (outcome.sick and policy == "pause"):
        run.halt(reason)
    why = shortened(sentence(reason), _REASON)
    pause = Command(verb=Verb.PAUSE, by="the health gate", reason=why)
    run.progress = run.progress.told(pause)
    yield from may_begin(run)
    run.progress = run.progress.one_more()


def _ask(run: Run, failure: str | None, place: str, model: Model) -> Steps[None]:
    """Until no more instances have failed than may: the others were retried or skipped."""
    expires = min(run.now + run.request.policy.decision_timeout, run.deadline)
    while failure:
        where = ending.after_batch(run.progress, place)
        advice = "Retry or skip the failed instances, roll back, or abort."
        run.stay(Phase.PAUSED, f"Paused {where}: {failure} {advice}", EventKind.PAUSED, stuck=True)
        said = yield from run.operator.sleep_until(expires)
        heed_the_end(run)
        if not said:
            late = f"{failure} Nobody decided in time."
            raise Stop(Phase.FAILED, ending.stopped(run.progress, place, late))
        if decision := run.progress.control.decision:
            run.progress = run.progress.going_on()
            yield from _carry_out(run, decision, model)
        failure = ending.failure_of(run.progress)


def _carry_out(run: Run, decision: Command, model: Model) -> Steps[None]:
    chosen = decision.instance_ids or run.progress.failed
    ids = [one for one in run.progress.failed if one in chosen]
    if decision.verb is Verb.SKIP:
        run.progress = run.progress.skipping(ids, given_up_reason(decision.told))
        run.journal.explain(run.progress.reasons)
        return
    fleet = yield from run.read_fleet()
    members = [one for one in fleet.instances if one.instance_id in ids]
    policy = run.request.policy.model_copy(update={"canary": None})
    for batch in batches_of(policy, members, fleet):
        run.progress = run.progress.one_more()
        outcome = yield from upgrade(run, batch, model, run.deadline, again=True)
        if outcome.halt:
            run.halt(f"the retry did not begin: {outcome.halt}")
