"""What a rollout will cost: time, and calls to Azure Resource Manager."""

from dataclasses import dataclass
from datetime import timedelta

from rollout.base import Value
from rollout.inventory import Inventory
from rollout.plan.looks import looks_until_stable
from rollout.plan.policy import HealthPolicy, Policy

_CALLS_TO_SET_THE_MODEL = 4
"""The scale set before, the PATCH; the operation and the scale set after."""
_MOST_CLOSE_LOOKS = 25
"""How many looks at a batch are closer than the policy's interval before they are as far apart."""
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
        """The instances of a batch."""
        return size if self.flexible else 1


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
        fewest_calls=_fewest(reads, sizes, health),
        most_calls=_most(reads, sizes, longest // health.interval + batches * _MOST_CLOSE_LOOKS),
    )


def _around(reads: _Reads) -> int:
    """Two inspections: by the start, and by the rollout itself."""
    return 2 * (reads.inventory(reads.total) + _CALLS_FOR_IMAGES)


def _fewest(reads: _Reads, sizes: list[int], health: HealthPolicy) -> int:
    """Each batch is read once before it is sent, then when it is healthy, and until it is stable;
    one read verifies everything.
    """
    looks = 1 + looks_until_stable(health.stable, health.interval, health.stable)
    batches = sum(reads.inventory(size) + 1 + looks * reads.batch(size) for size in sizes)
    return _around(reads) + reads.inventory(reads.total) + batches


def _most(reads: _Reads, sizes: list[int], looks: int) -> int:
    """Each batch is read twice before it is sent; each look asks for everything. The model's change
    is looked at for as long as a batch may take; the end is read twice.
    """
    mean = sum(sizes) / len(sizes) if sizes else 0
    before = sum(2 * reads.inventory(size) + 1 for size in sizes)
    each_look = 2 + reads.batch(round(mean))
    after = 2 * reads.inventory(reads.total) + _CALLS_TO_SET_THE_MODEL
    return _around(reads) + after + before + looks * each_look
