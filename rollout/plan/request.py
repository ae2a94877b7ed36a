"""The request to roll out an image to a scale set."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    field_validator,
)

from rollout.base import Request, Text, rollout_id
from rollout.gates import GatePlace
from rollout.inventory import HealthSource, ImageRequest, ScaleSetIdField
from rollout.plan.policy import Policy

ROLLOUT_ID = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,99}$"


RolloutId = Annotated[
    str, StringConstraints(strict=True, pattern=ROLLOUT_ID), AfterValidator(rollout_id)
]


class RolloutRequest(Request):
    """A request to move a scale set to an image."""

    id: RolloutId | None = Field(
        default=None,
        description="The rollout's id, chosen by the caller; the Idempotency-Key header does the "
        "same. Its letters' case does not matter. Without one, an id is made.",
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

    @field_validator("policy")
    @classmethod
    def _has_no_waves(cls, policy: Policy) -> Policy:
        if asked := policy.gates_at(GatePlace.WAVE):
            raise ValueError(
                f"gate {asked[0].name} is asked after a wave, and only a fleet rollout has waves: "
                "use another place, such as end"
            )
        return policy

    def going_by(self, source: HealthSource) -> "RolloutRequest":
        """The same with that source of health."""
        return self.model_copy(update={"policy": self.policy.going_by(source)})
