"""The result of reading everything before the start."""

from functools import cached_property
from typing import Any

from rollout.base import Activity, Problem, Value
from rollout.inventory import Image, Inventory, Listing
from rollout.plan import Plan, Policy, RolloutRequest, opened, plan_batches, shut_out
from rollout.windows import Calendar


class Inspection(Value):
    """The packed inventory, the pinned target image, and the refusal if the rollout must not begin.
    `warnings` are about images: the target, and those that a rollback would need,
    `listing` says what it has cost and when it was. `calendar` is when anything may run.
    """

    inventory: dict[str, Any]
    listing: Listing | None = None
    target: Image | None = None
    refusal: Problem | None = None
    warnings: list[str] = []
    calendar: Calendar = Calendar()

    @cached_property
    def unpacked(self) -> Inventory:
        return Inventory.unpack(self.inventory).model_copy(update={"listing": self.listing})

    @property
    def without_calendar(self) -> "Inspection":
        """For an order, which has the calendar for itself: it may be long."""
        return self.model_copy(update={"calendar": Calendar()})

    def plan(self, policy: Policy) -> Plan:
        """The plan for what was found. There is a target unless there is a refusal."""
        plan = self._plan(policy).warned(self.warnings)
        return opened(plan, policy, self.calendar, self.listing and self.listing.at)

    def shut_out(self, policy: Policy) -> Problem | None:
        """Why it could never begin, by the calendar; None if it could, or must not begin anyway. It
        is no reason for a rollout that runs already: that waits, or says why it cannot.
        """
        if self.refusal:
            return self.refusal
        now = self.listing and self.listing.at
        return shut_out(self._plan(policy), policy, self.calendar, now)

    def _plan(self, policy: Policy) -> Plan:
        return plan_batches(policy, self.unpacked, self.target or Image())


INSPECT = Activity("inspect_scale_set", RolloutRequest, Inspection)
