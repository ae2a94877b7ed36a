"""How planning grows with the fleet: `make bench`.

Ratios of one run, since machines differ: the cost of a plan for 1,000 instances against one for
100 (10 is linear), and against unpacking that fleet from its JSON, which every look does anyway.
The milliseconds are shown to be read, not to be compared with those of another machine.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from builders import NEW, inventory, policy, spread

from rollout.inventory import Inventory
from rollout.plan import plan_batches

_ROUNDS = 30
_POLICIES = {
    "the defaults": policy(),
    "one at a time": policy(maxBatchInstances=1),
    "1,000 chosen ids": policy(instanceIds=[str(number) for number in range(1000)]),
}


def seconds(work: Callable[[], object]) -> float:
    """The CPU seconds of the quickest of some rounds."""
    return min(_once(work) for _ in range(_ROUNDS))


def _once(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _fleet(count: int) -> Inventory:
    return inventory(spread(count, zones=3, fault_domains=5, placement_groups=10))


def main() -> None:
    small, large = _fleet(100), _fleet(1000)
    packed = large.pack()
    unpacking = seconds(lambda: Inventory.unpack(packed))
    print(f"{'plan of 1,000 instances':<24} {'CPU ms':>7} {'against 100':>12} {'unpacking':>10}")
    for name, rules in _POLICIES.items():
        hundred = seconds(lambda rules=rules: plan_batches(rules, small, NEW))
        thousand = seconds(lambda rules=rules: plan_batches(rules, large, NEW))
        ratios = f"{thousand / hundred:>11.1f}x {thousand / unpacking:>9.1f}x"
        print(f"{name:<24} {1000 * thousand:>7.1f} {ratios}")


if __name__ == "__main__":
    main()
