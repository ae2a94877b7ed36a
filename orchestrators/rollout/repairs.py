"""Suspends automatic instance repairs, which would replace instances during a rollout."""

from dataclasses import replace
from datetime import timedelta

from orchestrators.engine import (
    PATIENCE,
    ActivityClient,
    Recorder,
    Steps,
    delay_after,
    passes_or_is_stale,
)
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind
from rollout.batch import (
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_REPAIRS,
    Accepted,
    ObservedTime,
    ReadInventory,
    ReadModel,
    ReadRepairs,
    RepairsState,
    SetRepairs,
)
from rollout.inventory import ScaleSet
from rollout.plan import widening
from rollout.run import (
    REPAIRS_INDEX_KEY,
    RepairsLine,
    SuspendedRepairs,
    repairs_message,
    why_repairs_stay_suspended,
    why_repairs_wait,
)

_PAUSE = timedelta(seconds=15)
_LOOKS = 20
"""How often to look whether Azure has done what it accepted to do."""
_PATIENCE_WHILE_WAITING = timedelta(minutes=10)
"""For what is done while nobody is kept waiting."""


class RepairsSwitch:
    """Suspends running repairs, and resumes what it suspended, however the rollout ends. Whatever
    it cannot resume is left in a list, from which others go on.
    """

    def __init__(self, run: RolloutRun) -> None:
        self._run = run
        self._logged = run.progress.repairs is not None
        self._seen = False
        """Whether this orchestration has read that they are suspended."""
        self.resting = run.place.resting
        """Whether they run while it waits for people."""

    def suspend(self, scale_set: ScaleSet) -> Steps[ScaleSet]:
        """Suspend once; returns the scale set as it is afterwards. Raises Concluded if Azure
        refuses, or does not do it: to the repairs, an instance being upgraded looks unhealthy.
        """
        run = self._run
        if not scale_set.repairs or self._seen:
            return scale_set
        if (yield from self._state()) != RepairsState.RUNNING:
            self._seen = run.progress.repairs is not None
            return scale_set
        # Written first: whoever takes this rollout up must resume what it may have suspended.
        suspended = SuspendedRepairs(since=run.now)
        self._note(suspended)
        self._logged, self.resting = True, False
        message = "Suspending automatic instance repairs"
        run.report(message)
        run.recorder.write(EventKind.REPAIRS_SUSPENDED, message)
        task = self._order(RepairsState.SUSPENDED, suspended)
        done = yield from run.activities.call(SET_REPAIRS, task, passes_or_is_stale)
        if isinstance(done, ArmError):
            run.halt(str(done))
        settled = yield from self._settled(scale_set, done.operation)
        yield from self._read_back()
        return settled

    def _state(self) -> Steps[RepairsState]:
        run = self._run
        task = ReadRepairs(scale_set=run.request.scale_set)
        reading = yield from run.activities.call(OBSERVE_REPAIRS, task)
        if isinstance(reading, ArmError):
            run.halt(str(reading))
        return reading.state

    def _read_back(self) -> Steps[None]:
        """That Azure accepted it is no proof."""
        for _ in range(_LOOKS):
            if (yield from self._state()) != RepairsState.RUNNING:
                self._seen = True
                return
            self._run.report("Waiting until Azure has suspended automatic instance repairs")
            yield from self._run.activities.sleep(_PAUSE)
        self._run.halt("Azure accepted to suspend automatic instance repairs and has not done so")

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
            pause = widening(time.spent, health.timeout, health.interval)
            time = time.reaching(pause, health.interval)
            yield from run.activities.sleep(pause)

    def rest(self) -> Steps[None]:
        """While it waits for people: let them run, if a repair would do nothing that the rollout
        must do; otherwise say why they stay suspended.
        """
        run = self._run
        if run.progress.repairs is None:
            return
        activities = ActivityClient(run.context, run.events.wait)  # it does not report: it waits
        why = why_repairs_wait(run.progress) or (yield from self._why_not(activities))
        if not why:
            why = yield from self._resumed(activities, _PATIENCE_WHILE_WAITING)
        if why:
            self._note(run.progress.repairs.because(why))
        else:
            self.resting = True
            message = "Automatic instance repairs run while it waits for people"
            run.recorder.write(EventKind.REPAIRS_RESTORED, message)
        run.publish()

    def _why_not(self, activities: ActivityClient) -> Steps[str]:
        run = self._run
        health = run.request.policy.health
        task = ReadInventory(scale_set=run.request.scale_set, health=health, protection_of=[])
        inventory = yield from activities.read_inventory(task, _PATIENCE_WHILE_WAITING)
        if isinstance(inventory, ArmError):
            return f"what a repair would do could not be read: {inventory}"
        return why_repairs_stay_suspended(run.progress, inventory)

    def wake(self) -> Steps[None]:
        """Before it goes on: suspend them again, if they ran meanwhile."""
        if not self.resting:
            return
        inventory = yield from self._run.read_inventory()
        yield from self.suspend(inventory.scale_set)

    def restore(self) -> Steps[str | None]:
        """Returns that they are still suspended, and why; None if they are not."""
        run = self._run
        if run.progress.repairs is None:
            return None
        run.report("Resuming automatic instance repairs")
        why = yield from self._resumed(run.activities)
        message = repairs_message(why)
        if why:
            self._note(run.progress.repairs.because(why), reported=True)
            run.recorder.write(EventKind.REPAIRS_NOT_RESTORED, message)
        elif self._logged:
            run.recorder.write(EventKind.REPAIRS_RESTORED, message)
        return message if why else None

    def _resumed(
        self, activities: ActivityClient, patience: timedelta = PATIENCE
    ) -> Steps[str | None]:
        """None once they run; otherwise why not."""
        run = self._run
        if (suspended := run.progress.repairs) is None:
            return None
        run.progress = replace(run.progress, repairs=suspended.being_resumed())
        run.publish()
        task = self._order(RepairsState.RUNNING, suspended)
        done = yield from activities.call(SET_REPAIRS, task, passes_or_is_stale, patience=patience)
        why = yield from self._why_still_suspended(activities, done)
        if not why:
            self._seen = False
            self._note(None)
        return why

    def _why_still_suspended(
        self, activities: ActivityClient, done: Accepted | ArmError
    ) -> Steps[str | None]:
        """What Azure says of them counts, not its answer to us: it may take a while to do what it
        accepted, and what it refused to suspend runs.
        """
        task = ReadRepairs(scale_set=self._run.request.scale_set)
        why = ""
        for _ in range(_LOOKS):
            state = yield from activities.call_once(OBSERVE_REPAIRS, task)
            unread = state if isinstance(state, ArmError) else None
            if not isinstance(state, ArmError) and state.state != RepairsState.SUSPENDED:
                return None
            if isinstance(done, ArmError):
                return str(done)
            why = str(unread) if unread else "Azure accepted to resume them and has not done so"
            if unread and delay_after(unread) > _PAUSE:
                return why  # others go on trying, and nobody waits for that
            yield from activities.sleep(_PAUSE)
        return why

    def _note(self, repairs: SuspendedRepairs | None, *, reported: bool = False) -> None:
        """In the progress, and in the list from which others go on."""
        run, before = self._run, self._run.progress.repairs
        run.progress = replace(run.progress, repairs=repairs)
        since = (repairs or before or SuspendedRepairs(since=run.now)).since
        line = RepairsLine(
            id=run.progress.order.id,
            scale_set=run.request.scale_set,
            since=since,
            why=repairs.why if repairs and reported else "",
            reported_at=run.now if reported else None,
            restored_at=None if repairs else run.now,
        )
        Recorder(run.context, line.id).put_in_list(line, REPAIRS_INDEX_KEY)

    def _order(self, state: RepairsState, suspended: SuspendedRepairs) -> SetRepairs:
        return SetRepairs(
            scale_set=self._run.request.scale_set,
            state=state,
            owner=self._run.progress.order.instance_id,
            since=suspended.since,
        )
