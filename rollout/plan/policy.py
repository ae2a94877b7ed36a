"""The policy of a rollout. Every default is the safe one."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from rollout.base import (
    Budget,
    Duration,
    InstanceIds,
    Interval,
    Pause,
    PositiveDuration,
    Request,
    Share,
    folded,
    limit,
)
from rollout.gates import MOST_GATES, CallbackGate, Gate, GatePlace
from rollout.hooks import MOST_HOOKS, CallbackHook, Hook, HookPlace
from rollout.inventory import Health, HealthSource, Instance
from rollout.windows import Calendar, FreezeEntry, Window


class HealthPolicy(Request):
    """How the health of a batch is measured, and for how long it must hold."""

    source: HealthSource = Field(
        default="auto",
        description="applicationHealth: what the Application Health extension or the load balancer "
        "probe reports. powerState: an instance that runs and is provisioned counts as healthy. "
        "auto: applicationHealth. For a scale set whose model has no source of it, powerState if "
        "the policy of its last rollout said so; else refused.",
    )
    interval: Interval = Field(
        default=timedelta(seconds=15),
        description="Time between two reads of the instances, at least a second.",
    )
    stable: Duration = Field(
        default=timedelta(minutes=1),
        description="How long an instance must be healthy, without a break, to count as done.",
    )
    timeout: PositiveDuration = limit(
        timedelta(minutes=15),
        "How long after its start a batch may take; then what is not done has failed.",
    )

    unhealthy_after: PositiveDuration = limit(
        timedelta(minutes=10),
        "How long an upgraded instance may say that it is unhealthy; then it has failed, without "
        "waiting for the timeout.",
    )
    provisioning_failed: Literal["fail", "ignore"] = Field(
        default="fail",
        description="What counts of an instance whose provisioning has failed (a harmless "
        "extension, perhaps) but that reports itself healthy. fail: it has failed. ignore: its "
        "health counts.",
    )

    def as_judged(self, instance: Instance) -> Instance:
        """The instance as this policy sees it."""
        ignored = self.provisioning_failed == "ignore" and instance.health is Health.HEALTHY
        if not ignored or not instance.failed:
            return instance
        return instance.model_copy(update={"provisioning_state": "Succeeded"})

    @field_validator("timeout")
    @classmethod
    def _leaves_room(cls, timeout: timedelta, info: ValidationInfo) -> timedelta:
        if timeout <= info.data.get("stable", timedelta(0)):
            raise ValueError("must be longer than health.stable, else no batch could ever pass")
        return timeout


class CanaryPolicy(Request):
    """The first few instances, upgraded alone and watched before anything else moves."""

    instances: Annotated[StrictInt, Field(ge=1)] = 1
    bake: Duration = Field(
        default=timedelta(minutes=5), description="How long the canary must stay healthy."
    )


class Policy(Request):
    """The rules of a rollout."""

    batch_by: Literal["auto", "updateDomain", "zone", "faultDomain", "none"] = Field(
        default="auto",
        description="auto: by update domain where the instances have one, else by zone, else by "
        "fault domain, else in slices.",
    )
    max_batch_instances: Share = Field(
        default="20%",
        description="The most instances down at once: a count, or a percentage of the scale set "
        "rounded up to at least 1.",
    )
    allow_full_outage: StrictBool = Field(
        default=False,
        description="Upgrade also when only one instance runs, so that none serves meanwhile. Of "
        "more than one, at least one always stays up.",
    )
    update_domains: list[Annotated[StrictInt, Field(ge=0)]] | None = Field(
        default=None, min_length=1, description="Only these update domains."
    )
    fault_domains: list[Annotated[StrictInt, Field(ge=0)]] | None = Field(
        default=None, min_length=1, description="Only these fault domains."
    )
    zones: list[StrictStr] | None = Field(
        default=None, min_length=1, description="Only these zones."
    )
    instance_ids: InstanceIds | None = Field(default=None, description="Only these instances.")
    canary: CanaryPolicy | None = None
    approval: Literal["none", "start", "canary", "everyBatch"] = Field(
        default="none",
        description="What needs approval: nothing; the start, before anything is changed; "
        "everything after the canary; every batch.",
    )
    approval_timeout: PositiveDuration = limit(
        timedelta(hours=12),
        "How long an approval may take; then the rollout is paused.",
    )
    pause_between_batches: Pause = timedelta(0)
    health: HealthPolicy = HealthPolicy()
    deadline: PositiveDuration = limit(
        timedelta(days=1),
        "No batch begins later than this after the start.",
    )
    windows: list[Window] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="Weekly windows: a batch begins only if it ends inside one by its worst case, "
        "and by what was learned. The app's own windows must be open as well.",
    )
    freezes: list[FreezeEntry] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="When nothing may run, beside what the app has frozen: from a day or a time to "
        "another one, or a calendar whose events are freezes.",
    )
    max_unhealthy_instances: Budget = Field(
        default="20%",
        description="The most instances that may be unhealthy before a batch, not counting those "
        "that were so before the rollout: a count, or a percentage rounded down.",
    )
    max_unhealthy_upgraded_instances: Budget = Field(
        default=0, description="The most upgraded instances that may fail, over the whole rollout."
    )
    on_failure: Literal["rollback", "pause", "stop"] = Field(
        default="rollback",
        description="What to do when too many instances fail. rollback: put the model and the "
        "instances back to the images they had. pause: wait for somebody to retry, skip, roll back "
        "or abort. stop: leave everything as it is and say what is where.",
    )
    rollback_on_failure: Literal["continue", "stop"] = Field(
        default="continue",
        description="What to do when an instance fails on the way back. continue: set it aside, "
        "put the others back, and say at the end what is left. stop: stop there.",
    )
    decision_timeout: PositiveDuration = limit(
        timedelta(hours=12),
        "How long a rollout that is paused by a failure waits; then it stops.",
    )

    gates: list[Gate] = Field(
        default=[],
        max_length=MOST_GATES,
        description="What else must hold before the rollout goes on.",
    )

    hooks: list[Hook] = Field(
        default=[],
        max_length=MOST_HOOKS,
        description="Who is told before a batch takes instances down, and when they are back.",
    )

    @field_validator("gates", "hooks")
    @classmethod
    def _have_names_of_their_own[T: Gate | Hook](cls, checks: list[T]) -> list[T]:
        names = [folded(check.name) for check in checks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"must have names of their own: {', '.join(twice)} is there twice")
        return checks

    @field_validator("deadline")
    @classmethod
    def _leaves_room(cls, deadline: timedelta, info: ValidationInfo) -> timedelta:
        health = info.data.get("health")
        if isinstance(health, HealthPolicy) and deadline <= health.stable:
            raise ValueError("must be longer than health.stable, else no batch could ever pass")
        return deadline

    @model_validator(mode="after")
    def _has_a_canary_to_approve(self) -> Self:
        if self.approval == "canary" and self.canary is None:
            raise ValueError(
                "approval canary needs a canary: give policy.canary, or use approval everyBatch"
            )
        if self.canary and self.deadline <= self.canary.bake:
            raise ValueError("deadline must be longer than canary.bake, else nothing could follow")
        return self

    @model_validator(mode="after")
    def _has_a_canary_that_bakes(self) -> Self:
        baking = [gate.name for gate in self.gates if gate.place is GatePlace.BAKE]
        if baking and self.canary is None:
            raise ValueError(
                f"gate {baking[0]} is asked while the canary bakes: give policy.canary, or use the "
                "place afterBatch"
            )
        return self

    def going_by(self, source: HealthSource) -> "Policy":
        """With that source of health."""
        return self.model_copy(update={"health": self.health.model_copy(update={"source": source})})

    def gates_at(self, place: GatePlace) -> list[Gate]:
        """Those that are asked there."""
        return [gate for gate in self.gates if gate.place is place]

    @property
    def of_one_scale_set(self) -> "Policy":
        """Without the gates that are asked between the waves of a fleet rollout."""
        kept = [gate for gate in self.gates if gate.place is not GatePlace.WAVE]
        return self if len(kept) == len(self.gates) else self.model_copy(update={"gates": kept})

    def hooks_at(self, place: HookPlace) -> list[Hook]:
        """Those that are called there, in their order."""
        return [hook for hook in self.hooks if hook.place is place]

    def hooks_take(self, place: HookPlace) -> timedelta:
        """How long those may take, one after the other."""
        return sum((hook.timeout for hook in self.hooks_at(place)), timedelta(0))

    @property
    def asks_back(self) -> bool:
        """Whether it asks anybody who answers at an address of ours."""
        gates = any(isinstance(gate.check, CallbackGate) for gate in self.gates)
        return gates or any(isinstance(hook.call, CallbackHook) for hook in self.hooks)

    @property
    def calendar(self) -> Calendar:
        """Its windows and freezes."""
        return Calendar.of(self.windows or [], self.freezes or [])

    def worst_case(self, *, canary: bool) -> timedelta:
        """How long a batch may take, the bake of a canary included."""
        bake = self.canary.bake if self.canary and canary else timedelta(0)
        return self.health.timeout + bake

    def longest(self, *, canary: bool) -> timedelta:
        """The same with the time that its hooks may take."""
        return self.worst_case(canary=canary) + sum(map(self.hooks_take, HookPlace), timedelta(0))

    def without_canary(self) -> "Policy":
        """For the batches after it, and those that need no proof."""
        return self.model_copy(update={"canary": None})
