"""The result of reading everything before the start."""

from functools import cached_property
from typing import Any

from rollout.base import Activity, Problem, Value
from rollout.inventory import Image, Inventory, Listing
from rollout.plan import Plan, Policy, RolloutRequest, plan_batches


class Inspection(Value):
    """The packed inventory, the pinned target image, and the refusal if the rollout must not begin.
    `warnings` are about images: the target, and those that a rollback would need,
    `listing` says what it has cost and when it was.
    """

    inventory: dict[str, Any]
    listing: Listing | None = None
    target: Image | None = None
    refusal: Problem | None = None
    warnings: list[str] = []

    @cached_property
    def unpacked(self) -> Inventory:
        return Inventory.unpack(self.inventory).model_copy(update={"listing": self.listing})

    def plan(self, policy: Policy) -> Plan:
        """The plan for what was found. There is a target unless there is a refusal."""
        return plan_batches(policy, self.unpacked, self.target or Image()).warned(self.warnings)


INSPECT = Activity("inspect_scale_set", RolloutRequest, Inspection)
