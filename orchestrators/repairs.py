"""Automatic instance repairs would replace instances under our hands: suspended meanwhile."""

from orchestrators.context import Steps
from orchestrators.run import Run
from rollout.event import EventKind
from rollout.fleet import ScaleSet
from rollout.problem import ArmError
from rollout.task import RepairsState, SetRepairs


class Repairs:
    """Suspends them if they run, and restores what it suspended, whatever the end is."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._suspended = False

    def suspend(self, scale_set: ScaleSet) -> Steps[None]:
        """Once. Raises Stop when Azure does not let us: an instance that is upgraded looks sick to
        them.
        """
        if not scale_set.repairs or self._suspended:
            return
        run = self._run
        run.say("Suspending automatic instance repairs")
        state = yield from run.hands.read_repairs(scale_set.id)
        if isinstance(state, ArmError):
            run.halt(str(state))
        if state.state != RepairsState.RUNNING:
            return
        self._suspended = True
        done = yield from self._set(RepairsState.SUSPENDED)
        if isinstance(done, ArmError):
            run.halt(str(done))
        run.journal.write(EventKind.REPAIRS_SUSPENDED, "Automatic instance repairs are suspended")

    def restore(self) -> Steps[None]:
        """What could not be restored is told: somebody has to."""
        if not self._suspended:
            return
        run = self._run
        done = yield from self._set(RepairsState.RUNNING)
        run.journal.write(EventKind.REPAIRS_RESTORED, restored(done))

    def _set(self, state: RepairsState) -> Steps[object]:
        run = self._run
        return (
            yield from run.hands.set_repairs(
                SetRepairs(scale_set=run.request.scale_set, state=state)
            )
        )


def restored(done: object) -> str:
    """What came of letting them run again: what did not work, somebody has to do."""
    if isinstance(done, ArmError):
        return f"Automatic instance repairs are still suspended: {done}. Resume them by hand"
    return "Automatic instance repairs run again"
