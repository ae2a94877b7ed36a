"""Asks the gates of a rollout, at each place."""

from orchestrators.engine import Steps
from orchestrators.gates import Keeper
from orchestrators.rollout.run import RolloutRun
from rollout.gates import GatePlace
from rollout.plan import Batch
from rollout.run import GateSite


def pass_gates(run: RolloutRun, place: GatePlace, batch: Batch | None = None) -> Steps[bool]:
    """Returns when the gates of that place have passed: whether that took any time. Raises
    Concluded. Without gates there, nothing is done at all.
    """
    gates = run.request.policy.gates_at(place)
    if not gates:
        return False
    return (yield from Keeper(run, GateSite(place, batch), gates).passed())


def stands_after_batch(run: RolloutRun) -> bool:
    """Whether the last batch is settled, and only the gates after it keep the next one."""
    number = run.progress.batch
    return any(run.stands_at(place, number) for place in (GatePlace.BAKE, GatePlace.AFTER_BATCH))


def pass_gates_after(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Those after a batch, if it has upgraded anything."""
    if not run.progress.tally.any_done(batch.instance_ids):
        return
    if batch.canary and not run.stands_at(GatePlace.AFTER_BATCH, run.progress.batch):
        yield from pass_gates(run, GatePlace.BAKE, batch)
    yield from pass_gates(run, GatePlace.AFTER_BATCH, batch)
    run.progress = run.progress.proven()
    run.place = run.place.at_gates(None)
