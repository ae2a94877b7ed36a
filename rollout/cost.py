"""What a rollout will cost: time, and calls to Azure Resource Manager."""

from datetime import timedelta

from rollout.request import Policy
from rollout.value import Value

_CALLS_ONCE = 6
"""The scale set, its instances and the image before; the scale set, the PATCH and its operation."""
_CALLS_A_BATCH = 5
"""The scale set and its instances before the batch and before the upgrade is sent; the upgrade."""
_CALLS_A_LOOK = 2
"""The instances, and the operation while it runs."""
_CALLS_TO_VERIFY = 2


class Cost(Value):
    """The least and the most that the batches can take. A list of the instances counts as one call,
    however many pages it has.
    """

    shortest: timedelta
    longest: timedelta
    fewest_calls: int
    most_calls: int


def cost_of(policy: Policy, batches: int) -> Cost:
    """At best every batch is healthy at once and stays so; at worst each takes until its timeout,
    and all succeed on the last look. A canary bakes once.
    """
    health = policy.health
    bake = policy.canary.bake if policy.canary and batches else timedelta(0)
    pauses = policy.pause_between_batches * max(0, batches - 1)
    shortest = health.stable * batches + max(bake - health.stable, timedelta(0)) * bool(bake)
    longest = (health.timeout + health.interval) * batches + bake
    return Cost(
        shortest=shortest + pauses,
        longest=longest + pauses,
        fewest_calls=_calls(batches, shortest // health.interval + batches),
        most_calls=_calls(batches, longest // health.interval + batches),
    )


def _calls(batches: int, looks: int) -> int:
    return _CALLS_ONCE + _CALLS_A_BATCH * batches + _CALLS_A_LOOK * looks + _CALLS_TO_VERIFY
