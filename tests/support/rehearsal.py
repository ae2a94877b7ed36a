"""A rollout played without a host: the real orchestrators, activities, SDK, and simulated Azure."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from itertools import dropwhile
from typing import Any

from playback import Playback, Run

from activities.azure import AZURE
from activities.bindings import AzureActivity
from activities.repairs import change_repairs, refuse_outdated
from local.arm.http.app import create_app
from local.arm.images.published import PlatformImage
from local.arm.model.azure import Azure
from local.arm.model.fault_reading import fault_from_json
from local.arm.model.spec import UBUNTU, ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from local.host.store import AsAzure
from local.system import app_settings
from orchestrators.rollout import roll_out, upgrade_batch
from rollout.base import budget_of
from rollout.batch import OBSERVE_INVENTORY, SET_REPAIRS, Accepted, BatchOrder, SetRepairs
from rollout.plan import RolloutRequest
from rollout.run import (
    COMMAND,
    KEEP_LOCK,
    LOG_ENTITY,
    READ_LOCK,
    RECORD_ENTITY,
    RELEASE_LOCK,
    ROLL_OUT,
    UPGRADE_BATCH,
    Command,
    LockKept,
    LockRead,
    Released,
    RolloutOrder,
    RolloutView,
    Verb,
    batch_id,
    log_after,
    log_key,
    parts_of,
    record_after,
    record_of,
    rollback_id,
    sent_back,
)

type Json = dict[str, Any]

ORCHESTRATORS = {ROLL_OUT: roll_out, UPGRADE_BATCH: upgrade_batch}


def _kept(_: object) -> Json:
    """Nobody else is there who could have the lock."""
    return {"value": LockKept().to_json()}


def _released(_: object) -> Json:
    return {"value": Released(released=True).to_json()}


ACTIVITIES = {
    KEEP_LOCK.name: _kept,
    RELEASE_LOCK.name: _released,
    **{name: done.answer for name, done in AZURE.items()},
}
LATENCY = timedelta(seconds=0.2)
BEGUN_AFTER_LATE_HOPS = timedelta(seconds=30)


@contextmanager
def simulated_azure(*published: str) -> Generator[Azure]:
    """A simulated Azure with these versions of Ubuntu, and the app's settings that lead to it."""
    azure = Azure(ManualClock())
    for version in published:
        fields = UBUNTU.model_dump(exclude_none=True) | {"version": version}
        azure.add_image(PlatformImage.model_validate(fields))
    with Server(create_app(azure)) as server, app_settings(server.url):
        yield azure


class Rehearsal:
    """One rollout of one scale set, from its start to its end."""

    def __init__(
        self, azure: Azure, spec: Json, request: Json, as_azure: AsAzure | None = None
    ) -> None:
        assert isinstance(azure.clock, ManualClock)
        azure.clear_faults()
        self.azure = azure
        self.clock = azure.clock
        self.spec = spec
        self.name = spec["name"]
        self.accepted: set[Verb] = set()
        """The verbs that were said and taken."""
        scale_set = azure.add_scale_set(ScaleSetSpec.model_validate(spec))
        self.before = self.truth()
        self.request = RolloutRequest.from_json({"scaleSet": scale_set, **request})
        self.last_read = self.before
        """What was the case at the last read of the whole scale set whose answer came."""
        self.playback = Playback(
            self.clock,
            ORCHESTRATORS,
            {
                **ACTIVITIES,
                READ_LOCK.name: self._lock,
                SET_REPAIRS.name: AzureActivity(SET_REPAIRS, self._set_repairs).answer,
            },
            LATENCY,
            as_azure,
            self._answering,
        )
        self.order = RolloutOrder(id=self.name, request=self.request)
        self.playback.start(ROLL_OUT, self.order.to_json(), self.name)
        self.pass_time(BEGUN_AFTER_LATE_HOPS if as_azure else timedelta(seconds=1))
        while as_azure and self.run.status is None:  # a death before the first word
            self.pass_time(BEGUN_AFTER_LATE_HOPS)

    @property
    def run(self) -> Run:
        """The rollout's own orchestration: its rollback, if there is one."""
        runs = self.playback.runs
        return runs.get(rollback_id(self.name)) or runs[self.name]

    @property
    def view(self) -> Json:
        return RolloutView.from_status(self.run.status, self.request).to_json()

    @property
    def cap(self) -> Any:
        return self.request.policy.max_batch_instances

    @property
    def left_over(self) -> list[str]:
        """The orchestrations that have not ended, or would be held up by a forgotten timer."""
        runs = self.playback.runs.items()
        return [key for key, run in runs if not run.done.complete or run.forgotten_timers]

    @property
    def set_aside(self) -> bool:
        """Whether an instance failed on the way back, and stayed down meanwhile."""
        on_the_way_back = dropwhile(lambda event: event["kind"] != "rollingBack", self.events)
        return any("f" in event["evidence"].get("cells", "") for event in on_the_way_back)

    @property
    def spare(self) -> int:
        """How many that failed on the way back may be down while others go back."""
        budget = self.request.policy.max_unhealthy_instances
        return budget_of(budget, len(self.truth()["instances"])) if self.set_aside else 0

    @property
    def events(self) -> list[Json]:
        return self.record["events"]

    @property
    def record(self) -> Json:
        """What its entities keep of it."""
        state = self.playback.state_of(RECORD_ENTITY, self.name, record_after)
        keys = {part: log_key(self.name, part) for part in parts_of(state)}
        parts = {
            part: self.playback.state_of(LOG_ENTITY, key, log_after) for part, key in keys.items()
        }
        return record_of(state, parts)

    def _lock(self, _: object) -> Json:
        """Nobody else is there who could have it."""
        back = rollback_id(self.name)
        owner = back if back in self.playback.runs else self.name
        return {"value": LockRead(owner=owner).to_json()}

    def _set_repairs(self, task: SetRepairs) -> Accepted:
        run = self.playback.runs[task.owner]
        shown = RolloutView.from_status(run.status, self.request).repairs
        refuse_outdated(task, None if run.done.complete else shown)
        return change_repairs(task)

    def _answering(self, activity: str) -> None:
        if activity == OBSERVE_INVENTORY.name:
            self.last_read = self.truth()

    def truth(self) -> Json:
        """What really is and was the case."""
        return self.azure.truth("demo", self.name)

    def fault(self, fault: Json) -> None:
        scale_set = str(self.request.scale_set)
        self.azure.add_fault(fault_from_json({"scaleSet": scale_set, **fault}))

    def tell(self, verb: Verb) -> None:
        """Say a verb; one that the rollout does not take is refused at the door."""
        if verb in self.view["verbs"]:
            self.accepted.add(verb)
            self.run.hear(COMMAND, Command(verb=verb).to_json())

    def roll_back(self) -> None:
        """Say rollback after its end, and play that to its end."""
        view = RolloutView.from_status(self.run.status, self.request)
        key = batch_id(self.name, view.batch)
        batch = self.playback.runs.get(key)
        last = BatchOrder.from_json(batch.get_input()) if batch else None
        order = sent_back(self.order, view, self.record, last, Command(verb=Verb.ROLLBACK))
        self.playback.start(ROLL_OUT, order.to_json(), rollback_id(self.name))
        self.pass_time(BEGUN_AFTER_LATE_HOPS)
        self.finish()

    def pass_time(self, by: timedelta) -> None:
        """Let everything happen that falls into that time."""
        reached: list[bool] = []
        self.playback.at(self.clock.now() + by, lambda: reached.append(True))
        self.playback.play(lambda: bool(reached))

    def finish(self) -> None:
        """Play it to its end. Raises AssertionError when it has none, and what broke it off."""
        self.playback.play(lambda: self.run.done.complete)
        if broke_off := self.run.done.error:
            raise broke_off
