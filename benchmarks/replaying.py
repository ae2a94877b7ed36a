"""What turns cost over long histories, and what is written down of many batches."""

import sys
from functools import cache
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks.figure import Figure
from benchmarks.rolling import AT_ONCE, PATIENCE, Case, rolled, world
from benchmarks.turns import Watched, times_read_by_the_sdk, watched

_BATCHES = 100
_SHORT, _LONG = (30, 60), (250, 500)
_WANTED, _AT_FIRST = 8, 21
"""Milliseconds of a turn over a long history, on the machine of the first measurement."""


def figures() -> list[Figure]:
    return [*_of_a_rollout(), *figures_of_a_bake()]


def _of_a_rollout() -> list[Figure]:
    """Of 1,000 instances, which are healthy at once."""
    name = "1,000/5/1 s, default"
    with watched() as seen:
        rolled(Case(1000, 5, AT_ONCE))
    turns = seen.milliseconds(30, 120, "upgrade_batch")
    return [
        Figure(f"turns, {name}", len(seen.turns), "turns"),
        Figure(f"longest history, {name}", seen.longest, "rows", 500),
        Figure(f"CPU of a turn of a batch, {name}", turns, "ms", first=21),
        Figure(f"custom status, {name}", seen.largest_status, "bytes", 8192, 3736),
    ]


def figures_of_a_bake() -> list[Figure]:
    """Of 20 instances, the canary of which bakes for long."""
    seen = _baked()
    short_turn, long_turn = (_of_batches(seen, *rows) for rows in (_SHORT, _LONG))
    slow_turn = _slow_turn()
    return [
        Figure("longest history, bake of 6 h", seen.longest, "rows", 500, 11_500),
        Figure("CPU of a turn, 30 to 60 rows", short_turn, "ms", first=4),
        Figure("CPU of a turn, 250 to 500 rows", long_turn, "ms", _WANTED, _AT_FIRST),
        Figure("the same, times read by the SDK", slow_turn, "ms", first=_AT_FIRST),
        Figure("the one against the other", long_turn / slow_turn, "times", _WANTED / _AT_FIRST),
    ]


@cache
def _slow_turn() -> float:
    """The CPU of a long turn in milliseconds, its times read by the SDK: how it was measured at
    first, on another machine. So it tells how fast this one is.
    """
    with times_read_by_the_sdk():
        return _of_batches(_baked(), *_LONG)


def _baked() -> Watched:
    with watched() as seen:
        rolled(Case(20, 5, {}, {"canary": {"instances": 1, "bake": "PT6H"}}))
    return seen


def _of_batches(seen: Watched, fewest: int, most: int) -> float:
    return seen.milliseconds(fewest, most, "upgrade_batch")


def figures_of_many_batches() -> list[Figure]:
    """Each batch approved by hand, one instance each; healthy at once."""
    seen = approved_one_by_one(_BATCHES)
    longest = seen.longest
    turn = seen.milliseconds(longest // 2, longest, "roll_out")
    pace = _slow_turn() / _AT_FIRST
    return [
        Figure("everyBatch, 100 batches: longest history", longest, "rows", 500, 1239),
        Figure("everyBatch, 100 batches: CPU of a turn, second half", turn, "ms", 15, 137),
        Figure("the same at the pace of the machine of then", turn / pace, "ms", 15, 137),
        Figure("100 batches: largest put of an entity", max(seen.puts), "bytes", 16_384, 366_000),
        Figure("100 batches: bytes put in all", sum(seen.puts), "bytes", first=37_629_819),
    ]


def approved_one_by_one(batches: int) -> Watched:
    """What a rollout of so many instances comes to, each of them a batch that is approved."""
    quick = {"upgradeDuration": "PT1S", "bootDuration": "PT0S"}
    health = {"interval": "PT15S", "stable": "PT0S"}
    policy = {"approval": "everyBatch", "maxBatchInstances": 1, "health": health}
    with watched() as seen, world() as (system, _):
        scale_set = system.scale_set(capacity=batches, **quick)
        rollout = system.start(scale_set, policy=policy).json()["id"]
        for _ in range(batches):
            view = system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
            answer = system.api.post(f"/api/rollouts/{rollout}/approve", json={"by": "bench"})
            assert answer.is_success, (view["message"], answer.text)
            system.until(rollout, lambda view: view["phase"] != "AwaitingApproval")
        with system.host.skipping():
            system.host.wait_idle(PATIENCE)
    return seen
