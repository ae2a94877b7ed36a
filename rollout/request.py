"""What was asked: a rollout request with its policy. Every default is the safe one."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from rollout.amount import Budget, Share
from rollout.duration import Duration, Pause, PositiveDuration, PositivePause
from rollout.health import HealthSource
from rollout.image import ImageRequest
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value

ROLLOUT_ID = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,99}$"
RolloutId = Annotated[str, StringConstraints(strict=True, pattern=ROLLOUT_ID)]
Text = Annotated[str, StringConstraints(strict=True, max_length=256)]
InstanceIds = Annotated[list[StrictStr], Field(min_length=1, max_length=1000)]


class HealthPolicy(Value):
    """How the health of a batch is measured, and for how long it must hold."""

    source: HealthSource = "auto"
    interval: PositivePause = Field(
        default=timedelta(seconds=15), description="Time between two reads of the instances."
    )
    stable: Duration = Field(
        default=timedelta(minutes=1),
        description="How long an instance must be healthy, without a break, to count as done.",
    )
    timeout: PositiveDuration = Field(
        default=timedelta(minutes=15),
        validate_default=True,
        description="How long after its start a batch may take; then what is not done has failed.",
    )

    @field_validator("timeout")
    @classmethod
    def _leaves_room(cls, timeout: timedelta, info: ValidationInfo) -> timedelta:
        if timeout <= info.data.get("stable", timedelta(0)):
            raise ValueError("must be longer than health.stable, else no batch could ever pass")
        return timeout


class CanaryPolicy(Value):
    """The first few instances, upgraded alone and watched before anything else moves."""

    instances: Annotated[StrictInt, Field(ge=1)] = 1
    bake: Duration = Field(
        default=timedelta(minutes=5), description="How long the canary must stay healthy."
    )


class Policy(Value):
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
    approval: Literal["none", "canary", "everyBatch"] = Field(
        default="none",
        description="What waits for somebody to approve it: nothing; what comes after the canary; "
        "every batch.",
    )
    approval_timeout: PositiveDuration = Field(
        default=timedelta(hours=12),
        validate_default=True,
        description="How long an approval may take; then the rollout is paused.",
    )
    pause_between_batches: Pause = timedelta(0)
    health: HealthPolicy = HealthPolicy()
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
    decision_timeout: PositiveDuration = Field(
        default=timedelta(hours=12),
        validate_default=True,
        description="How long a rollout that is paused by a failure waits; then it stops.",
    )
    deadline: PositiveDuration = Field(
        default=timedelta(days=1),
        validate_default=True,
        description="No batch begins later than this after the start.",
    )

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


class RolloutRequest(Value):
    """A request to move a scale set to an image."""

    id: RolloutId | None = Field(
        default=None,
        description="The rollout's id, chosen by the caller; the Idempotency-Key header does the "
        "same. Without one, an id is made.",
    )
    scale_set: ScaleSetIdField
    image: ImageRequest
    policy: Policy = Policy()
    plan: Text | None = Field(
        default=None,
        description="The fingerprint of a plan: start only if the plan would still be the same.",
    )
    reason: Text | None = Field(default=None, examples=["CVE-2026-1234"])
    by: Text | None = Field(default=None, examples=["alice@contoso.com"])
