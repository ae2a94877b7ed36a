"""What must hold of any story, whoever said and did what in it."""

from typing import Any

from rollout.base import share_of

type Json = dict[str, Any]

_PARTS = ("done", "skipped", "failed", "inProgress", "pending")


def safe(before: Json, now: Json, cap: object, *, went_on: bool, spare: int = 0) -> None:
    """At any moment: nothing forbidden has happened. `cap` is the policy's maxBatchInstances;
    `went_on` is whether failed instances stayed down while it went on: an operator skipped them, or
    they failed on the way back. So many of the latter may be booting still: `spare`.
    """
    # Instances that others add meanwhile count in a percentage.
    allowed = share_of(cap, max(len(before["instances"]), len(now["instances"])))  # pyright: ignore[reportArgumentType]
    # One that was sick before counts against nobody: the next batch does not wait until it boots.
    unhealthy = sum(one["health"] == "unhealthy" for one in before["instances"])
    assert now["peakUpgrading"] <= allowed + unhealthy + spare
    assert not [one for one in now["violations"] if not (went_on and "down at once" in one)]
    there = {one["instanceId"]: one for one in now["instances"]}
    for one in before["instances"]:
        if (one["protected"] or one["power"] != "running") and one["instanceId"] in there:
            assert there[one["instanceId"]]["upgrades"] == 0


def adds_up(view: Json) -> None:
    counts = view["counts"]
    assert sum(counts[part] for part in _PARTS) == counts["total"]


_ON_TARGET = ("healthy", "unhealthy", "unknown", "off")
_PLACES = (
    *_ON_TARGET, "returned", "returnedNotHealthy", "unfinished", "failed", "elsewhere", "skipped",
    "gone", "untouched",
)  # fmt: skip


def repairs_unheard(view: Json) -> bool:
    """Whether Azure did not answer for so long that the end does not know whether repairs run
    again. The watch goes on resuming them: tests/stories/test_repairs_stories.py.
    """
    return view["repairsSuspended"] and "could not" in view["repairs"]["why"]


def reads_what_is_there(after: Json, view: Json, state: Json) -> None:
    """At the end: what the last sentence was made of is what really is there, and the view with its
    counts, rows and verbs agrees with it.
    """
    there = {one["instanceId"]: one for one in after["instances"]}
    placed = [one for place in _PLACES for one in state.get(place, [])]
    assert len(placed) == len(set(placed))
    assert len(placed) >= view["counts"]["total"] == sum(len(row["cells"]) for row in view["rows"])
    suspended = after["automaticRepairs"] == "Suspended"
    assert view["repairsSuspended"] is suspended or repairs_unheard(view)
    if view["repairsSuspended"]:
        assert "may still be suspended" in view["message"]
    if "unread" in state:
        assert "could not be read at the end" in view["message"]
        return
    assert state["model"]["version"] == _version(after["image"])
    _is_told(after["image"], view)
    for place in _ON_TARGET:
        assert all(_runs(there[one], view["image"]["to"]) for one in state.get(place, []))
    assert all(_is_well(there[one], view) for one in _reported(there, state, "healthy"))
    assert not any(_is_well(there[one], view) for one in _reported(there, state, "unhealthy"))
    assert all(there[one]["power"] != "running" for one in state.get("off", []))
    assert there.keys().isdisjoint(state.get("gone", []))
    on_target = {one for place in _ON_TARGET for one in state.get(place, [])}
    settled = there.keys() - {*state.get("unfinished", [])} - {*state.get("returned", [])}
    settled -= {*state.get("returnedNotHealthy", [])}
    assert view["counts"]["done"] <= len({*on_target, *state.get("gone", []), *_moved_on(state)})
    assert on_target == {one for one in settled if _runs(there[one], view["image"]["to"])}


def _is_told(image: str, view: Json) -> None:
    """The message names the image that the model has, what follows from it, and a way back that
    there is.
    """
    assert f"The scale set's image is {image}" in view["message"]
    before, target = _urn(view["image"]["from"]), _urn(view["image"]["to"])
    if view["phase"] in {"Failed", "Aborted"} and image == target != before:
        assert "new instances get it until" in view["message"]
    if "until you roll back" in view["message"]:
        assert "rollback" in view["verbs"]


def _moved_on(state: Json) -> list[str]:
    """Those that were done once and are elsewhere now."""
    return [*state.get("elsewhere", []), *state.get("unfinished", [])]


def _is_well(instance: Json, view: Json) -> bool:
    """As far as anybody can tell: where nobody reports health, one that boots runs already, and the
    sentence says no more than that.
    """
    if view["healthSource"] == "powerState":
        return (instance["power"], instance["provisioning"]) == ("running", "Succeeded")
    return instance["health"] == "healthy"


def _reported(there: Json, state: Json, place: str) -> list[str]:
    """Those of them that report their health."""
    return [one for one in state.get(place, []) if there[one]["health"] is not None]


def _runs(instance: Json, image: Json) -> bool:
    return _version(instance["image"]) == image["version"]


def _urn(image: Json) -> str:
    return ":".join(image[part] for part in ("publisher", "offer", "sku", "version"))


def _version(urn: str) -> str:
    return urn.rpartition(":")[2]


def tells_the_truth(before: Json, after: Json, view: Json) -> None:
    """At the end: what it says of itself is what the instances say, and all is as it was left."""
    assert view["finishedAt"] is not None
    assert "unexpected error" not in view["message"]
    same = after["automaticRepairs"] == before["automaticRepairs"]
    assert same or repairs_unheard(view)
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
        assert not left_behind(before, after, view)


def left_behind(before: Json, after: Json, view: Json) -> set[str]:
    """The instances that run the rejected image and did not before, newcomers included."""
    target = view["image"]["to"]["version"]

    def on_it(state: Json) -> set[str]:
        there = state["instances"]
        return {one["instanceId"] for one in there if _version(one["image"]) == target}

    return on_it(after) - on_it(before)
