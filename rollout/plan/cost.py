"""What a rollout will cost: time, and calls to Azure Resource Manager."""

from dataclasses import dataclass
from datetime import timedelta

from rollout.base import Value
from rollout.inventory import Inventory
from rollout.plan.policy import Policy

_CALLS_TO_SET_THE_MODEL = 4
"""The scale set before, the PATCH; the operation and the scale set after."""
_CALLS_FOR_IMAGES = 2
"""The target, and the image a rollback would need."""


class Cost(Value):
    """The least and the most that the batches can take. A list of the instances counts as one call,
    however many pages it has.
    """

    shortest: timedelta
    longest: timedelta
    fewest_calls: int
    most_calls: int


@dataclass(frozen=True)
class _Reads:
    """The calls of one read. A Uniform scale set's instances come in one list; a Flexible one's are
    read VM by VM, and their protection with another call each.
    """

    flexible: bool
    total: int

    def inventory(self, protection_of: int) -> int:
        """The scale set, its instances, and the protection of that many of them."""
        return 2 + (self.total + protection_of) * self.flexible

    def batch(self, size: int) -> int:
        """The scale set, the instances of a batch, and the operation."""
        return 2 + (size if self.flexible else 1)


def cost_of(policy: Policy, sizes: list[int], inventory: Inventory) -> Cost:
    """The cost of batches of these sizes. At best every batch is healthy at once and stays healthy;
    at worst each takes until its timeout and succeeds on the last read. A canary bakes once.
    """
    health, batches = policy.health, len(sizes)
    bake = policy.canary.bake if policy.canary and batches else timedelta(0)
    pauses = policy.pause_between_batches * max(0, batches - 1)
    shortest = health.stable * batches + max(bake - health.stable, timedelta(0)) * bool(bake)
    longest = (health.timeout + health.interval) * batches + bake
    reads = _Reads(inventory.scale_set.flexible, len(inventory.instances))
    return Cost(
        shortest=shortest + pauses,
        longest=longest + pauses,
        fewest_calls=_calls(reads, sizes, shortest // health.interval + batches),
        most_calls=_calls(reads, sizes, longest // health.interval + batches),
    )


def _calls(reads: _Reads, sizes: list[int], looks: int) -> int:
    """Two inspections (by the start, and by the rollout itself) and one final verification; each
    batch reads everything before it begins and again before the upgrade is sent.
    """
    around = 3 * reads.inventory(reads.total) + 2 * _CALLS_FOR_IMAGES + _CALLS_TO_SET_THE_MODEL
    before_batches = sum(2 * reads.inventory(size) + 1 for size in sizes)
    mean = sum(sizes) / len(sizes) if sizes else 0
    return around + before_batches + looks * reads.batch(round(mean))
