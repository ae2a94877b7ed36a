"""When a batch may begin: in a window, and once the gates before it have passed in that."""

from collections.abc import Sequence

from orchestrators.engine import Steps
from orchestrators.rollout.calendar import await_opening
from orchestrators.rollout.gates import pass_gates
from orchestrators.rollout.run import RolloutRun
from rollout.gates import GatePlace
from rollout.plan import Batch


def held_up(run: RolloutRun, batches: Sequence[Batch]) -> Steps[bool]:
    """Whether the start was held up, by windows or by its gates. Raises Concluded."""
    if batches and (yield from await_opening(run, batches[0])):
        return True
    return (yield from pass_gates(run, GatePlace.START))


def let_in(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Returns when the batch may begin. Raises Concluded."""
    while True:
        yield from await_opening(run, batch)
        if not (yield from pass_gates(run, GatePlace.BEFORE_BATCH, batch)):
            return  # else they have taken time, and the window may have closed
