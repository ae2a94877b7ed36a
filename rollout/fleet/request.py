"""The request for a fleet rollout: ordered waves of scale sets. Every default is the safe one."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, StringConstraints, model_validator

from rollout.base import Duration, PositiveDuration, Request, Text, limit, not_dots, rollout_id
from rollout.gates import MOST_GATES, Gate, GatePlace
from rollout.inventory import SUBSCRIPTION, ImageRequest, ScaleSetIdField
from rollout.plan import Policy

_FLEET_ID = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,59}$"
FleetId = Annotated[
    str, StringConstraints(strict=True, pattern=_FLEET_ID), AfterValidator(rollout_id)
]
WaveName = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._\-]{0,49}$")
]
ResourceGroup = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[\w.()\-]{1,90}$"),
    AfterValidator(not_dots),
]
MOST_SCALE_SETS = 1000
"""How many scale sets a fleet rollout may have."""


class Selector(Request):
    """The scale sets of a subscription (or of one of its resource groups) that have these tags."""

    tags: dict[str, str] = Field(min_length=1, max_length=10)
    subscription: Annotated[str, StringConstraints(pattern=rf"^{SUBSCRIPTION}$")] | None = Field(
        default=None, description="Without it, AZURE_SUBSCRIPTION_ID of the app."
    )
    resource_group: ResourceGroup | None = None

    def takes(self, tags: dict[str, str]) -> bool:
        """Whether a scale set with those tags is selected. In Azure, tag names are case-insensitive
        and tag values are case-sensitive.
        """
        by_name = {name.casefold(): value for name, value in tags.items()}
        return all(by_name.get(name.casefold()) == value for name, value in self.tags.items())


class WaveRules(Request):
    """The rules of one wave."""

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
        default="none", description="before: the wave must be approved before it begins."
    )
    max_failed_scale_sets: Annotated[StrictInt, Field(ge=0)] = Field(
        default=0,
        description="How many of its scale sets may fail; one more, and nothing begins any more.",
    )
    on_nothing_verified: Literal["ask", "fail", "proceed"] = Field(
        default="ask",
        description="When no instance of the wave was seen healthy on the image (all its scale "
        "sets are empty or switched off), it has proved nothing. ask: the next wave must be "
        "approved. fail: nothing begins any more. proceed: go on.",
    )
    minimum_image_age: Duration = Field(
        default=timedelta(0),
        description="How old a gallery image version must be before this wave begins.",
    )


class Wave(WaveRules):
    """A group of scale sets: listed by id, or selected by their tags."""

    scale_sets: list[ScaleSetIdField] | None = Field(
        default=None, min_length=1, max_length=MOST_SCALE_SETS
    )
    selector: Selector | None = None
    policy: Policy | None = Field(
        default=None, description="For the scale sets of this wave; else that of the request."
    )

    @property
    def rules(self) -> WaveRules:
        """Its rules without its scale sets."""
        names = WaveRules.model_fields
        return WaveRules.model_construct(**{name: getattr(self, name) for name in names})

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.scale_sets is None) == (self.selector is None):
            raise ValueError("must have exactly one of scaleSets and selector")
        return self


class FleetRolloutRequest(Request):
    """A request to move several scale sets to an image, one wave after another."""

    id: FleetId | None = Field(
        default=None,
        description="The fleet rollout's id, chosen by the caller; the Idempotency-Key header does "
        "the same. Its letters' case does not matter. Without one, an id is made.",
    )
    image: ImageRequest
    waves: list[Wave] = Field(min_length=1, max_length=50)
    policy: Policy = Field(default=Policy(), description="For every scale set.")
    approval_timeout: PositiveDuration = limit(
        timedelta(days=3),
        "How long the approval of a wave may take; then the fleet rollout is paused.",
    )
    deadline: PositiveDuration = limit(
        timedelta(days=30),
        "No scale set begins later than this after the start.",
    )
    plan: Text | None = Field(
        default=None,
        description="The fingerprint of a plan: start only if the plan would still be the same.",
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

    @model_validator(mode="after")
    def _knows_its_gates_apart(self) -> Self:
        asked: dict[str, tuple[Gate, str]] = {}
        for wave in self.waves:
            for gate in self.policy_of(wave).gates_at(GatePlace.WAVE):
                other, first = asked.setdefault(gate.name.casefold(), (gate, wave.name))
                if other != gate:
                    raise ValueError(
                        f"gate {gate.name} at place wave is another one in wave {wave.name} than "
                        f"in wave {first}: give each a name of its own"
                    )
        if len(asked) > MOST_GATES:
            raise ValueError(f"may have at most {MOST_GATES} gates at place wave, all in all")
        return self

    def policy_of(self, wave: Wave) -> Policy:
        """That of the rollouts of its scale sets."""
        return wave.policy or self.policy
