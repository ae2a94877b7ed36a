"""The end of the way forward: only the instances themselves prove success."""

from orchestrators.engine import Steps, conclude, conclude_if_requested, may_begin
from orchestrators.rollout.run import RolloutRun
from rollout.base import Proceed, Stop, Wait, spoken
from rollout.batch import Model, ObservedTime
from rollout.inventory import Inventory
from rollout.plan import widening
from rollout.run import Command, End, RollBack, after_hold, verified


def verify(run: RolloutRun, model: Model) -> Steps[Inventory]:
    """A fresh read of everything. Unhealthy instances have as long to get well as a batch has."""
    health = run.request.policy.health
    time = ObservedTime.begin(health.interval, run.now)
    while True:
        yield from _until_listable(run)
        run.report("Verifying every instance")
        inventory = yield from run.read_or_just_read()
        match verified(run.progress, model, inventory):
            case Proceed():
                conclude_if_requested(run)  # what was said while it was read
                run.verified = run.now, inventory
                return inventory
            case Stop(reason):
                run.halt(reason)
            case Wait(reason) if time.looked(run.now).spent >= health.timeout:
                yield from _held_up(run, reason)
                time = ObservedTime.begin(health.interval, run.now)
            case Wait(reason):
                time = time.looked(run.now)
                pause = widening(time.spent, health.timeout, health.interval)
                time = time.reaching(pause + run.until_listable, health.interval)
                run.report(f"Verifying every instance: waiting, {reason}")
                yield from run.events.sleep_until(run.now + pause)


def _until_listable(run: RolloutRun) -> Steps[None]:
    """Wait until all instances may be listed. The operator is heard meanwhile."""
    conclude_if_requested(run)
    while wait := run.until_listable:
        run.report(f"Verifying every instance: reading them in {spoken(wait)}")
        yield from run.events.sleep_until(run.now + wait)
        conclude_if_requested(run)


def _held_up(run: RolloutRun, reason: str) -> Steps[None]:
    """The instances did not get well in time: the policy decides. Returns when an operator lets it
    look again.
    """
    match after_hold(run.progress, f"the end could not be verified: {reason}", unhealthy=True):
        case Command() as pause:
            run.progress = run.progress.apply(pause)
            yield from may_begin(run)
        case RollBack() | End() as conclusion:
            conclude(conclusion)
