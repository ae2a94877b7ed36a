"""Who follows a published version, in which wave; and who cannot."""

from typing import Any

import pytest

from rollout.fleet import WaveRules
from rollout.follow import FollowRules, Running, follow, unpinned
from rollout.follow.followers import sorted_out
from rollout.follow.rules import BAKE
from rollout.inventory import Image, PublishedVersion, Region, ScaleSetId, ScaleSetSummary
from rollout.inventory.scale_set_view import UpgradePolicy
from rollout.plan import Policy

GALLERY = "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute/galleries/golden/images"
RULES = FollowRules(policies={"careful": Policy()})


def version(**changes: Any) -> PublishedVersion:
    plain: dict[str, Any] = {
        "id": f"{GALLERY}/web/versions/1.0.1",
        "version": "1.0.1",
        "state": "Succeeded",
        "regions": [Region(location="westus", replication="Completed")],
    }
    return PublishedVersion(**{**plain, **changes})


def scale_set(name: str = "web", runs: str = "1.0.0", **changes: Any) -> ScaleSetSummary:
    tags = {"rollout.follow": "current", **changes.pop("tags", {})}
    plain: dict[str, Any] = {
        "id": ScaleSetId("s", "demo", name),
        "name": name,
        "resource_group": "demo",
        "location": "West US",
        "orchestration_mode": "Uniform",
        "upgrade_policy": UpgradePolicy(mode="Manual"),
        "provisioning_state": "Succeeded",
        "image": Image(id=f"{GALLERY}/web/versions/{runs}"),
        "rollable": True,
        "tags": tags,
    }
    return ScaleSetSummary(**{**plain, **changes})


def waves(*there: ScaleSetSummary, rules: FollowRules = RULES) -> dict[str, list[str]]:
    """The scale sets that would be rolled, by wave, in order."""
    order = follow(version(), there, rules).order
    assert order is not None
    return {
        wave.name: [member.scale_set.name for member in members]
        for wave, members in zip(order.request.waves, order.members, strict=True)
    }


def in_wave(name: str, wave: str) -> ScaleSetSummary:
    return scale_set(name, tags={"rollout.wave": wave})


def test_without_settings_waves_are_those_that_tags_name() -> None:
    there = [in_wave("c", "prod"), in_wave("a", "10"), in_wave("b", "2"), scale_set("d")]
    assert waves(*there) == {"2": ["b"], "10": ["a"], "prod": ["c"], "default": ["d"]}


def test_a_wave_that_no_setting_describes_bakes() -> None:
    order = follow(version(), [in_wave("a", "canary")], RULES).order
    assert order is not None
    assert order.request.waves[0].bake_after == BAKE


def test_settings_say_the_order_and_no_tag_means_the_last_wave() -> None:
    rules = FollowRules(waves=[WaveRules(name="z"), WaveRules(name="a")])
    there = [scale_set("none"), in_wave("first", "A"), in_wave("second", "z")]
    assert waves(*there, rules=rules) == {"z": ["second"], "a": ["none", "first"]}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tags": {"rollout.follow": ""}}, id="no tag"),
        pytest.param({"tags": {"rollout.follow": f"{GALLERY}/other"}}, id="another image"),
        pytest.param({"runs": "1.0.1"}, id="there already"),
        pytest.param({"image": Image(publisher="p", offer="o", sku="s")}, id="no gallery image"),
    ],
)
def test_it_is_no_business_of_theirs(changes: dict[str, Any]) -> None:
    found = sorted_out(version(), [scale_set(**changes)], RULES)
    assert (found.followers, found.left_out, found.awaited) == ([], [], [])


def test_a_definition_in_the_tag_moves_a_scale_set_to_that_image() -> None:
    other = Image(id=f"{GALLERY}/old/versions/9.9.9")
    tags = {"rollout.follow": f"{GALLERY}/WEB".replace("resourceGroups", "resourcegroups")}
    assert waves(scale_set(image=other, tags=tags)) == {"default": ["web"]}


def test_names_of_tags_have_no_case() -> None:
    there = scale_set(tags={"rollout.follow": "", "Rollout.Follow": "Current"})
    [found] = sorted_out(version(), [there], RULES).followers
    assert found.scale_set.name == "web"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"runs": "1.0.10"}, "names version 1.0.10 already, and a scale set is never moved back"),
        ({"tags": {"rollout.follow": "always"}}, "set it to current"),
        ({"tags": {"rollout.policy": "bold"}}, "the policies of the app are: careful"),
        ({"tags": {"rollout.wave": "?!"}}, "its tag rollout.wave is '?!'"),
        ({"tags": {"rollout.follow.mode": "x"}}, "set it to notify, or leave it out"),
        ({"upgrade_policy": UpgradePolicy(mode="Automatic")}, "set upgradePolicy.mode to Manual"),
        ({"lasting": True, "reason": "a node pool"}, "a node pool"),
        ({"health_source": "powerState"}, "nobody reports the health of the instances"),
        ({"location": "eastus"}, "does not go to eastus"),
    ],
)
def test_who_cannot_follow_is_left_out_with_the_reason(changes: dict[str, Any], why: str) -> None:
    (left,) = sorted_out(version(), [scale_set(**changes)], RULES).left_out
    assert why in left.reason


@pytest.mark.parametrize(
    ("changes", "wait_for_regions", "decision"),
    [
        ({"state": "Creating"}, True, "wait"),
        ({"state": "Creating"}, False, "leave"),
        ({"state": "Failed"}, True, "leave"),
        ({"regions": [Region(location="westus", replication="Replicating")]}, True, "wait"),
        ({"regions": [Region(location="westus", replication="Replicating")]}, False, "leave"),
        ({"regions": [Region(location="westus", replication="Failed")]}, True, "leave"),
        ({"excluded": True}, True, "leave"),
        (
            {"excluded": True, "regions": [Region(location="westus", excluded=False)]},
            True,
            "roll",
        ),
        ({"regions": [Region(location="westus")]}, True, "roll"),
    ],
)
def test_what_azure_says_of_the_version_decides(
    changes: dict[str, Any], *, wait_for_regions: bool, decision: str
) -> None:
    followed = follow(version(**changes), [scale_set()], RULES, wait_for_regions=wait_for_regions)
    assert followed.decision == decision


def test_policies_of_tags_are_pinned_in_the_order() -> None:
    order = follow(version(), [scale_set(tags={"rollout.policy": "careful"})], RULES).order
    assert order is not None
    assert set(order.policies) == {"", "careful"}
    assert order.members[0][0].policy == "careful"


SOMEWHERE = [Region(location="westus", replication="Completed")]


@pytest.mark.parametrize(
    ("newer", "decision"),
    [
        ({}, "leave"),
        ({"state": "Creating"}, "roll"),
        ({"state": "Failed"}, "roll"),
        ({"excluded": True}, "roll"),
        ({"regions": [Region(location="eastus", replication="Completed")]}, "roll"),
        ({"regions": [Region(location="westus", replication="Replicating")]}, "roll"),
        ({"regions": [Region(location="westus", excluded=True)]}, "roll"),
    ],
)
@pytest.mark.parametrize("model", ["", "/versions/latest", "/versions/1.0.0"])
def test_only_the_newest_that_can_be_used_moves_anybody(
    newer: dict[str, Any], decision: str, model: str
) -> None:
    told = version(newer=[version(version="1.0.2", **newer)])
    there = [scale_set(image=Image(id=f"{GALLERY}/web{model}"))]
    assert follow(told, there, RULES).decision == decision


def test_a_region_that_has_no_newer_one_is_rolled_and_the_others_are_named() -> None:
    regions = [Region(location=where, replication="Completed") for where in ("westus", "eastus")]
    told = version(regions=regions, newer=[version(version="1.0.2", regions=SOMEWHERE)])
    order = follow(told, [scale_set("a"), scale_set("b", location="eastus")], RULES).order
    assert order is not None
    assert [member.name for member in order.scale_sets] == ["b"]
    (left,) = order.left_out
    assert left.reason == "version 1.0.2 is newer, and can be used there"


@pytest.mark.parametrize(
    ("ran", "why"),
    [
        (Running(version="1.0.0"), None),
        (Running(version="1.0.1"), None),
        (Running(), None),
        (Running(version="1.0.10"), "its instances run version 1.0.10"),
        (Running(unread="403"), "which version its instances run could not be read: 403"),
    ],
)
def test_who_leaves_the_version_open_is_not_moved_back(ran: Running, why: str | None) -> None:
    opened = scale_set(image=Image(id=f"{GALLERY}/web"))
    first = follow(version(), [opened, scale_set("pinned")], RULES)
    assert unpinned(first, [opened, scale_set("pinned")]) == [opened]
    found = sorted_out(version(), [opened], RULES, {opened.id.key: ran})
    assert len(found.followers) == (why is None)
    assert [why in left.reason for left in found.left_out if why] == [True] * (why is not None)


ALERTS = {"name": "alerts", "place": "wave", "check": {"kind": "alert", "rules": ["errors"]}}
WATCHED = FollowRules(policies={"watched": Policy.from_request({"gates": [ALERTS]})})


@pytest.mark.parametrize("policy", ["watched", ""])
@pytest.mark.parametrize(
    ("second", "wave", "sees_all"),
    [("s", "prod", True), ("S", "prod", True), ("other", "prod", False), ("other", "last", True)],
)
def test_a_gate_that_could_not_see_all_alerts_of_a_wave_leaves_the_version(
    second: str, wave: str, policy: str, *, sees_all: bool
) -> None:
    tags = {"rollout.wave": "prod", "rollout.policy": "watched"}
    other = {"rollout.wave": wave, "rollout.policy": policy}
    there = [
        scale_set("a", tags=tags),
        scale_set("b", id=ScaleSetId(second, "demo", "b"), tags=other),
    ]
    followed = follow(version(), there, WATCHED)
    if sees_all:
        assert followed.decision == "roll"
        return
    assert (followed.decision, followed.order, followed.useless) == ("leave", None, False)
    assert followed.reason == (
        "gate alerts reads the alerts of one subscription, and wave prod is about other, s: give "
        "each subscription a wave of its own"
    )


@pytest.mark.parametrize(("each", "rolls"), [(10, True), (11, False)])
def test_more_gates_than_a_view_has_room_for_leave_the_version(each: int, *, rolls: bool) -> None:
    policies = {
        name: Policy.from_request(
            {"gates": [{**ALERTS, "name": f"{name}-{number}"} for number in range(each)]}
        )
        for name in ("one", "two")
    }
    there = [scale_set(name, tags={"rollout.policy": name}) for name in policies]
    followed = follow(version(), there, FollowRules(policies=policies))
    if rolls:
        assert followed.decision == "roll"
        return
    assert (followed.decision, followed.order) == ("leave", None)
    assert followed.reason == (
        "the policies of its followers (one, two) have 22 gates at place wave, and a fleet rollout "
        "asks at most 20"
    )
