"""What must hold of any story, whoever said and did what in it."""

from typing import Any

from rollout.base import share_of

type Json = dict[str, Any]

_PARTS = ("done", "skipped", "failed", "inProgress", "pending")


def safe(before: Json, now: Json, cap: object, *, skipped: bool) -> None:
    """At any moment: nothing forbidden has happened. `cap` is the policy's maxBatchInstances;
    `skipped` is whether an operator went on without failed instances, which stay down.
    """
    # Instances that others add meanwhile count in a percentage.
    allowed = share_of(cap, max(len(before["instances"]), len(now["instances"])))  # pyright: ignore[reportArgumentType]
    # One that was sick before counts against nobody: the next batch does not wait until it boots.
    unhealthy = sum(one["health"] == "unhealthy" for one in before["instances"])
    assert now["peakUpgrading"] <= allowed + unhealthy
    assert not [one for one in now["violations"] if not (skipped and "down at once" in one)]
    there = {one["instanceId"]: one for one in now["instances"]}
    for one in before["instances"]:
        if (one["protected"] or one["power"] != "running") and one["instanceId"] in there:
            assert there[one["instanceId"]]["upgrades"] == 0


def adds_up(view: Json) -> None:
    counts = view["counts"]
    assert sum(counts[part] for part in _PARTS) == counts["total"]


def tells_the_truth(before: Json, after: Json, view: Json) -> None:
    """At the end: what it says of itself is what the instances say, and all is as it was left."""
    assert view["finishedAt"] is not None
    assert after["automaticRepairs"] == before["automaticRepairs"]
    there = {one["instanceId"]: one for one in after["instances"]}
    if view["phase"] == "Succeeded" and not view["counts"]["failed"]:
        movable = [
            one for one in there.values() if one["power"] == "running" and not one["protected"]
        ]
        target = view["image"]["to"]["version"]
        old = sum(not one["image"].endswith(target) for one in movable)
        assert old <= view["counts"]["skipped"]
    if view["phase"] == "RolledBack":
        for one in before["instances"]:
            now = there.get(one["instanceId"], one)
            assert now["image"] == one["image"]
