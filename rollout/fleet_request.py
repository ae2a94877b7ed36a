"""What was asked: several scale sets, in ordered waves. Every default is the safe one."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, StringConstraints, model_validator

from rollout.duration import Duration, PositiveDuration
from rollout.image import ImageRequest
from rollout.request import Policy, Text
from rollout.scale_set_id import SUBSCRIPTION, ScaleSetIdField
from rollout.value import Value

FLEET_ID = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,59}$"
FleetId = Annotated[str, StringConstraints(strict=True, pattern=FLEET_ID)]
WaveName = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._\-]{0,49}$")
]
MOST_SCALE_SETS = 1000
"""How many scale sets a fleet rollout takes."""


class Selector(Value):
    """The scale sets of a subscription (or of one of its resource groups) that have these tags."""

    tags: dict[str, str] = Field(min_length=1, max_length=10)
    subscription: Annotated[str, StringConstraints(pattern=rf"^{SUBSCRIPTION}$")] | None = Field(
        default=None, description="Without it, AZURE_SUBSCRIPTION_ID of the app."
    )
    resource_group: Text | None = None

    def takes(self, tags: dict[str, str]) -> bool:
        """Whether a scale set with those tags is meant. Azure compares the names of tags without
        case, their values with it.
        """
        by_name = {name.casefold(): value for name, value in tags.items()}
        return all(by_name.get(name.casefold()) == value for name, value in self.tags.items())


class WaveRules(Value):
    """What holds of one wave."""

    name: WaveName
    max_concurrent: Annotated[StrictInt, Field(ge=1, le=100)] = Field(
        default=1, description="How many of its scale sets are rolled at the same time."
    )
    bake_after: Duration = Field(
        default=timedelta(0),
        description="How long its scale sets are watched before the next wave begins, or the "
        "fleet rollout ends.",
    )
    approval: Literal["none", "before"] = Field(
        default="none", description="before: somebody has to approve the wave before it begins."
    )
    max_failed_scale_sets: Annotated[StrictInt, Field(ge=0)] = Field(
        default=0,
        description="How many of its scale sets may fail; one more, and nothing begins any more.",
    )
    minimum_image_age: Duration = Field(
        default=timedelta(0),
        description="How old a gallery image version must be before this wave begins.",
    )


class Wave(WaveRules):
    """A group of scale sets: named one by one, or selected by their tags."""

    scale_sets: list[ScaleSetIdField] | None = Field(
        default=None, min_length=1, max_length=MOST_SCALE_SETS
    )
    selector: Selector | None = None
    policy: Policy | None = Field(
        default=None, description="For the scale sets of this wave; else that of the request."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.scale_sets is None) == (self.selector is None):
            raise ValueError("must have exactly one of scaleSets and selector")
        return self


class FleetRolloutRequest(Value):
    """A request to move several scale sets to an image, one wave after the other."""

    id: FleetId | None = Field(
        default=None,
        description="The fleet rollout's id, chosen by the caller; the Idempotency-Key header does "
        "the same. Without one, an id is made.",
    )
    image: ImageRequest
    waves: list[Wave] = Field(min_length=1, max_length=50)
    policy: Policy = Field(default=Policy(), description="For every scale set.")
    approval_timeout: PositiveDuration = Field(
        default=timedelta(days=3),
        validate_default=True,
        description="How long the approval of a wave may take; then the fleet rollout is paused.",
    )
    deadline: PositiveDuration = Field(
        default=timedelta(days=30),
        validate_default=True,
        description="No scale set begins later than this after the start.",
    )
    reason: Text | None = None
    by: Text | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = [wave.name.casefold() for wave in self.waves]
        if len(set(names)) < len(names):
            raise ValueError("waves must have different names")
        waiting = sum((wave.bake_after for wave in self.waves[:-1]), timedelta(0))
        if self.deadline <= waiting:
            raise ValueError("deadline must be longer than all bakeAfter, else it could not end")
        return self
