"""Suspends automatic instance repairs, which would replace instances during a rollout."""

from dataclasses import replace
from datetime import timedelta

from orchestrators.engine import Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind
from rollout.batch import (
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_REPAIRS,
    Accepted,
    ObservedTime,
    ReadModel,
    ReadRepairs,
    RepairsState,
    SetRepairs,
)
from rollout.inventory import ScaleSet

_PAUSE = timedelta(seconds=15)
_LOOKS = 20
"""How often to look whether Azure has resumed what it accepted to resume."""


class RepairsSwitch:
    """Suspends running repairs, and resumes what it suspended, however the rollout ends."""

    def __init__(self, run: RolloutRun) -> None:
        self._run = run
        self._logged = run.progress.repairs_suspended

    def suspend(self, scale_set: ScaleSet) -> Steps[ScaleSet]:
        """Suspend once; returns the scale set as it is afterwards. Raises Concluded if Azure
        refuses: to the repairs, an instance being upgraded looks unhealthy.
        """
        run = self._run
        if not scale_set.repairs or run.progress.repairs_suspended:
            return scale_set
        run.report("Suspending automatic instance repairs")
        task = ReadRepairs(scale_set=scale_set.id)
        state = yield from run.activities.call(OBSERVE_REPAIRS, task)
        if isinstance(state, ArmError):
            run.halt(str(state))
        if state.state != RepairsState.RUNNING:
            return scale_set
        # Written first: whoever takes this rollout up must resume what it may have suspended.
        self._note(suspended=True)
        self._logged = True
        message = "Suspending automatic instance repairs"
        run.recorder.write(EventKind.REPAIRS_SUSPENDED, message)
        done = yield from self._set(RepairsState.SUSPENDED)
        if isinstance(done, ArmError):
            run.halt(str(done))
        return (yield from self._settled(scale_set, done.operation))

    def _settled(self, scale_set: ScaleSet, operation: str | None) -> Steps[ScaleSet]:
        """Wait, for as long as a batch may take, for the end of our own operation, which may move
        the ETag. If somebody else has changed the model meanwhile, the old ETag says so.
        """
        run, health = self._run, self._run.request.policy.health
        time = ObservedTime.begin(health.interval, run.now)
        task = ReadModel(scale_set=scale_set.id, operation=operation)
        while True:
            reading = yield from run.activities.call(OBSERVE_MODEL, task)
            if isinstance(reading, ArmError):
                run.halt(str(reading))
            running = reading.operation is not None and reading.operation.running
            time = time.looked(run.now)
            if not (running or reading.scale_set.moving) or time.spent >= health.timeout:
                return reading.scale_set if scale_set.same_model(reading.scale_set) else scale_set
            run.report("Waiting until Azure has suspended automatic instance repairs")
            yield from run.activities.sleep(health.interval)

    def restore(self) -> Steps[str | None]:
        """Returns that they are still suspended, and why, for someone then has to resume them by
        hand; None if they are not.
        """
        run = self._run
        if not run.progress.repairs_suspended:
            return None
        run.report("Resuming automatic instance repairs")
        why = yield from self._why_still_suspended((yield from self._set(RepairsState.RUNNING)))
        message = repairs_message(why)
        self._note(suspended=why is not None)
        if why:
            run.recorder.write(EventKind.REPAIRS_NOT_RESTORED, message)
        elif self._logged:
            run.recorder.write(EventKind.REPAIRS_RESTORED, message)
        return message if why else None

    def _why_still_suspended(self, done: Accepted | ArmError) -> Steps[str | None]:
        """What Azure says of them counts, not its answer to us: it may take a while to do what it
        accepted, and what it refused to suspend runs.
        """
        run, task = self._run, ReadRepairs(scale_set=self._run.request.scale_set)
        for _ in range(_LOOKS):
            state = yield from run.activities.call_once(OBSERVE_REPAIRS, task)
            if isinstance(state, ArmError):
                return str(done) if isinstance(done, ArmError) else None
            if state.state != RepairsState.SUSPENDED:
                return None
            if isinstance(done, ArmError):
                return str(done)
            yield from run.activities.sleep(_PAUSE)
        return "Azure accepted to resume them and has not done so"

    def _note(self, *, suspended: bool) -> None:
        self._run.progress = replace(self._run.progress, repairs_suspended=suspended)

    def _set(self, state: RepairsState) -> Steps[Accepted | ArmError]:
        task = SetRepairs(scale_set=self._run.request.scale_set, state=state)
        return (yield from self._run.activities.call(SET_REPAIRS, task))


def repairs_message(why: str | None) -> str:
    """The result of resuming repairs: `why` they are still suspended, if they are, and what must
    be done by hand then.
    """
    if why:
        return f"Automatic instance repairs are still suspended: {why}. Resume them by hand"
    return "Automatic instance repairs are running again"
