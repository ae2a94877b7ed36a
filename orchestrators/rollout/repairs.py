"""Suspends automatic instance repairs, which would replace instances during a rollout."""

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind
from rollout.batch import OBSERVE_REPAIRS, SET_REPAIRS, ReadRepairs, RepairsState, SetRepairs
from rollout.inventory import ScaleSet


class RepairsSwitch:
    """Suspends running repairs, and resumes what it suspended, however the rollout ends."""

    def __init__(self, run: RolloutRun, *, suspended: bool) -> None:
        self._run = run
        self._suspended = suspended

    def suspend(self, scale_set: ScaleSet) -> Steps[None]:
        """Suspend once. Raises Concluded if Azure refuses: to the repairs, an instance being
        upgraded looks unhealthy.
        """
        if not scale_set.repairs or self._suspended:
            return
        run = self._run
        run.report("Suspending automatic instance repairs")
        task = ReadRepairs(scale_set=scale_set.id)
        state = yield from run.activities.call(OBSERVE_REPAIRS, task)
        if isinstance(state, ArmError):
            run.halt(str(state))
        if state.state != RepairsState.RUNNING:
            return
        self._suspended = True
        done = yield from self._set(RepairsState.SUSPENDED)
        if isinstance(done, ArmError):
            run.halt(str(done))
        run.recorder.write(EventKind.REPAIRS_SUSPENDED, "Automatic instance repairs are suspended")

    def restore(self) -> Steps[None]:
        """A failure is logged, because someone then has to resume them by hand."""
        if not self._suspended:
            return
        run = self._run
        done = yield from self._set(RepairsState.RUNNING)
        run.recorder.write(EventKind.REPAIRS_RESTORED, repairs_message(done))

    def _set(self, state: RepairsState) -> Steps[object]:
        task = SetRepairs(scale_set=self._run.request.scale_set, state=state)
        return (yield from self._run.activities.call(SET_REPAIRS, task))


def repairs_message(done: object) -> str:
    """The result of resuming repairs, and what must be done by hand if that failed."""
    if isinstance(done, ArmError):
        return f"Automatic instance repairs are still suspended: {done}. Resume them by hand"
    return "Automatic instance repairs are running again"
