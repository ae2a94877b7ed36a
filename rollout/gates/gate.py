"""A gate: what else must hold before a rollout goes on."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from rollout.base import Interval, Pause, PositiveDuration, Request, spoken
from rollout.gates.alert import AlertGate
from rollout.gates.callback import CallbackGate
from rollout.gates.http import HttpGate
from rollout.gates.metric import ComparedTo, MetricGate
from rollout.gates.name import CheckName
from rollout.gates.query import QueryGate

MOST_GATES = 20


class GatePlace(StrEnum):
    """Where in a rollout a gate is asked."""

    START = "start"
    BEFORE_BATCH = "beforeBatch"
    AFTER_BATCH = "afterBatch"
    BAKE = "bake"
    WAVE = "wave"
    END = "end"


class Weight(StrEnum):
    """What a gate that does not pass means: it holds the rollout and fails it; or it is noted; or
    it is noted what it would have done.
    """

    REQUIRED = "required"
    ADVISORY = "advisory"
    DRY_RUN = "dryRun"


class Gate(Request):
    """A check of a rollout's policy, beside the health of its instances. It has passed when so many
    answers in a row were `pass`, and failed when more than `failures` were `fail`. What could not
    be told, or is not yet, counts as neither, and breaks the row.
    """

    name: CheckName
    place: GatePlace = Field(
        description="start: before anything is changed. beforeBatch, afterBatch: of each batch. "
        "bake: after the canary's batch, for as long as canary.bake says. end: after everything "
        "was verified. wave: after each wave of a fleet rollout."
    )
    check: Annotated[
        HttpGate | AlertGate | MetricGate | QueryGate | CallbackGate, Field(discriminator="kind")
    ]
    weight: Weight = Field(
        default=Weight.REQUIRED,
        description="required: without it the rollout does not go on, and if it fails, onFailure "
        "says what happens. advisory: what it says is noted. dryRun: noted is what it would have "
        "done.",
    )
    interval: Interval = Field(
        default=timedelta(seconds=30), description="Time between two questions."
    )
    passes: Annotated[StrictInt, Field(ge=1, le=100)] = Field(
        default=1, description="How many answers in a row must be pass."
    )
    failures: Annotated[StrictInt, Field(ge=0, le=100)] = Field(
        default=0, description="How many answers may be fail, all in all."
    )
    timeout: Annotated[Pause, PositiveDuration] = Field(
        default=timedelta(minutes=15),
        description="How long it may take to pass; of a bake, after its end.",
    )
    on_unknown: Literal["fail", "pause"] = Field(
        default="fail",
        description="What happens if until then it could not be told, or was not yet. fail: as if "
        "it had failed. pause: the operator is asked, whatever onFailure says. (To go on without "
        "knowing, make the gate advisory.)",
    )

    @model_validator(mode="after")
    def _can_pass(self) -> Self:
        least = self.interval * (self.passes - 1)
        if self.timeout <= least:
            raise ValueError(
                f"timeout must be longer than {spoken(least)}, else {self.passes} passes in a row, "
                f"{spoken(self.interval)} apart, could never come about"
            )
        return self

    @model_validator(mode="after")
    def _has_somebody_to_compare(self) -> Self:
        beside = isinstance(self.check, MetricGate) and (
            self.check.compared_to is ComparedTo.NOT_UPGRADED
        )
        if beside and self.place in {GatePlace.START, GatePlace.BEFORE_BATCH}:
            raise ValueError(
                "comparedTo notUpgraded has nobody to compare before a batch: use place "
                "afterBatch, bake or end"
            )
        return self

    @model_validator(mode="after")
    def _knows_whom_to_ask_about_a_wave(self) -> Self:
        """A wave has many scale sets, so none of them is meant unless it is named."""
        if self.place is not GatePlace.WAVE:
            return self
        match self.check:
            case AlertGate(rules=[], resources=[]):
                raise ValueError(
                    "a wave has no scale set of its own: an alert gate at place wave must name "
                    "rules or resources"
                )
            case MetricGate(compared_to=ComparedTo.NOT_UPGRADED):
                raise ValueError(
                    "comparedTo notUpgraded compares the instances of one scale set, and a wave "
                    "has many: use number or before, or the place afterBatch"
                )
            case MetricGate(resource=None):
                raise ValueError(
                    "a wave has no scale set of its own: a metric gate at place wave must name its "
                    "resource"
                )
            case _:
                return self

    @property
    def required(self) -> bool:
        return self.weight is Weight.REQUIRED
