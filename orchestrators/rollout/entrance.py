"""When a batch may begin: in a window, once the gates before it have passed in that and its
instances are drained, and never while the line is stopped; and what follows it before the next one.
"""

from collections.abc import Sequence

from orchestrators.engine import Steps, may_begin
from orchestrators.rollout.calendar import await_opening
from orchestrators.rollout.gates import pass_gates, pass_gates_after, stands_after_batch
from orchestrators.rollout.hooks import drained, is_draining, put_back, puts_back
from orchestrators.rollout.line import await_line
from orchestrators.rollout.run import RolloutRun
from rollout.gates import GatePlace
from rollout.plan import Batch


def held_up(run: RolloutRun, batches: Sequence[Batch]) -> Steps[bool]:
    """Whether the start was held up, by a stopped line, windows or its gates. Raises
    Concluded.
    """
    if (yield from await_line(run)):
        return True
    if batches and (yield from await_opening(run, batches[0])):
        return True
    return (yield from pass_gates(run, GatePlace.START))


def may_enter(run: RolloutRun, asked: str | None = None) -> Steps[None]:
    """Returns when the operator lets the next batch begin; at once if it is being drained. Raises
    Concluded.
    """
    if not is_draining(run):
        yield from may_begin(run, asked)


def let_in(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Returns when the batch may begin. Raises Concluded."""
    while True:
        if not is_draining(run):
            yield from _opened(run, batch)
        if (yield from drained(run, batch)):
            return
        yield from may_begin(run)


def _opened(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Returns when neither the line, nor a window, nor a gate keeps the batch."""
    while True:
        yield from await_line(run)
        yield from await_opening(run, batch)
        if not (yield from pass_gates(run, GatePlace.BEFORE_BATCH, batch)):
            return
        # they have taken time, and the window may have closed


def let_go(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Returns when the instances of a batch are back, and the gates after it have passed. Raises
    Concluded.
    """
    yield from put_back(run, batch)
    yield from pass_gates_after(run, batch)
    run.place = run.place.calling(None)


def is_let_go(run: RolloutRun) -> bool:
    """Whether the last batch is settled, and only hooks and gates after it keep the next one."""
    return puts_back(run) or stands_after_batch(run)
