"""What a look at everything before the start came to."""

from typing import Any

from rollout.fleet import Fleet
from rollout.image import Image
from rollout.plan import Plan, plan_batches
from rollout.problem import Problem
from rollout.request import Policy
from rollout.value import Value


class Inspection(Value):
    """The packed fleet, the pinned target image, and the refusal if the rollout must not begin.
    `warnings` are about images: the target, and those that a rollback would need.
    """

    fleet: dict[str, Any]
    target: Image | None = None
    refusal: Problem | None = None
    warnings: list[str] = []

    @property
    def unpacked(self) -> Fleet:
        return Fleet.unpack(self.fleet)

    def plan(self, policy: Policy) -> Plan:
        """The plan for what was found. There is a target unless there is a refusal."""
        return plan_batches(policy, self.unpacked, self.target or Image()).warned(self.warnings)


class PackedFleet(Value):
    """A fleet in the small form in which it travels."""

    fleet: dict[str, Any]
