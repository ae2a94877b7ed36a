from typing import Any

import pytest
from builders import NEW, OLD, instance, inventory, policy, spread, unhealthy

from rollout.inventory import Image, Instance, Inventory
from rollout.plan import ON_TARGET, Batch, Plan, plan_batches
from rollout.plan.skip import PROTECTED


def _plan(instances: list[Instance], **rules: Any) -> Plan:
    return plan_batches(policy(**rules), inventory(instances), NEW)


def _sizes(plan: Plan) -> list[int]:
    return [len(batch.instance_ids) for batch in plan.batches]


def _places(plan: Plan) -> list[str]:
    return [batch.place for batch in plan.batches]


@pytest.mark.parametrize(
    ("instances", "rules", "sizes"),
    [
        pytest.param(spread(20), {}, [4] * 5, id="20 in 5 domains are 5 batches of 4"),
        pytest.param(
            spread(1000, placement_groups=10),
            {},
            [200] * 5,
            id="1,000 in 5 domains over 10 placement groups are 5 batches of 200",
        ),
        pytest.param(
            spread(1000, placement_groups=10),
            {"maxBatchInstances": 50},
            [40] * 25,
            id="a domain above the cap is split along placement groups, never through one",
        ),
        pytest.param(
            spread(1000, placement_groups=2),
            {"maxBatchInstances": 60},
            [60, 40, 60, 40] * 5,
            id="a placement group above the cap is split too",
        ),
        pytest.param(
            spread(20, update_domains=20), {}, [1] * 20, id="20 domains are never put together"
        ),
        pytest.param(spread(12, update_domains=2, zones=3), {}, [2] * 6, id="zones times domains"),
        pytest.param(
            spread(12, None, zones=3), {"maxBatchInstances": 4}, [4] * 3, id="zones alone"
        ),
        pytest.param(spread(10, None), {}, [2] * 5, id="no domains at all: slices"),
        pytest.param(spread(11, None), {}, [3, 3, 3, 2], id="slices, the last one shorter"),
        pytest.param(
            spread(10, None, fault_domains=5), {}, [2] * 5, id="fault domains, for want of better"
        ),
        pytest.param(
            spread(10, None, fault_domains=5),
            {"batchBy": "none"},
            [2] * 5,
            id="slices where fault domains are not to count",
        ),
        pytest.param(
            spread(20, update_domains=2, fault_domains=4),
            {"batchBy": "faultDomain", "maxBatchInstances": 10},
            [5] * 4,
            id="fault domains within update domains when asked for",
        ),
        pytest.param(spread(20), {"maxBatchInstances": "1%"}, [1] * 20, id="at least 1 at a time"),
        pytest.param([], {}, [], id="an empty scale set has no batches"),
        pytest.param(
            spread(10, 2),
            {},
            [2, 2, 1] * 2,
            id="half of the instances in one domain does not go at once",
        ),
        pytest.param(spread(1), {}, [1], id="the only instance is a batch"),
        pytest.param(spread(2, 1), {"maxBatchInstances": "100%"}, [1, 1], id="2: one stays up"),
        pytest.param(spread(3, 1), {"maxBatchInstances": "100%"}, [2, 1], id="3: one stays up"),
        pytest.param(spread(5, 1), {}, [1] * 5, id="5: one at a time"),
        pytest.param(spread(5), {"maxBatchInstances": 3}, [1] * 5, id="5 in 5 domains"),
    ],
)
def test_plan_shape(instances: list[Instance], rules: dict[str, Any], sizes: list[int]) -> None:
    assert _sizes(_plan(instances, **rules)) == sizes


def test_domains_are_upgraded_in_order() -> None:
    assert _places(_plan(spread(20))) == [f"update domain {number}" for number in range(5)]


def test_within_a_zone_its_update_domains_are_upgraded_in_order() -> None:
    assert _places(_plan(spread(8, update_domains=2, zones=2))) == [
        "update domain 0 of zone 1",
        "update domain 1 of zone 1",
        "update domain 0 of zone 2",
        "update domain 1 of zone 2",
    ]


@pytest.mark.parametrize("batch_by", ["auto", "zone", "faultDomain", "none"])
def test_no_policy_puts_two_update_domains_into_one_batch(batch_by: str) -> None:
    plan = _plan(spread(20, fault_domains=1, zones=1), batchBy=batch_by, maxBatchInstances="100%")
    assert [batch.update_domain for batch in plan.batches] == [0, 1, 2, 3, 4]


def test_update_domains_of_one_number_in_two_zones_are_two_batches() -> None:
    plan = _plan([instance(0, 0, zone="1"), instance(1, 0, zone="2")], maxBatchInstances="100%")
    assert [batch.zone for batch in plan.batches] == ["1", "2"]


def test_batches_are_numbered_from_one() -> None:
    assert [batch.number for batch in _plan(spread(20)).batches] == [1, 2, 3, 4, 5]


def test_instances_go_in_the_order_of_their_numbers() -> None:
    plan = _plan([instance(number, 0) for number in (10, 9, 1)], maxBatchInstances="100%")
    assert plan.instance_ids == ["1", "9", "10"]


def test_whole_placement_groups_go_together() -> None:
    plan = _plan(spread(12, 1, placement_groups=4), maxBatchInstances=6)
    assert [batch.instance_ids for batch in plan.batches] == [
        ["0", "1", "2", "3", "4", "5"],
        ["6", "7", "8", "9", "10", "11"],
    ]


def test_an_unhealthy_instance_goes_first_in_its_domain() -> None:
    well = spread(20)
    plan = _plan([*well[:12], unhealthy(well[12]), *well[13:]])
    assert plan.batches[2].instance_ids == ["12", "2", "7", "17"]


def test_an_unhealthy_instance_does_not_change_the_order_of_domains() -> None:
    well = spread(20)
    plan = _plan([*well[:19], unhealthy(well[19])])
    assert [batch.update_domain for batch in plan.batches] == [0, 1, 2, 3, 4]


def test_a_failed_instance_goes_first_too() -> None:
    broken = instance(9, 0, provisioning_state="Failed")
    assert _plan([instance(1, 0), broken], maxBatchInstances=1).instance_ids == ["9", "1"]


def test_an_instance_that_failed_on_the_target_image_is_upgraded_again() -> None:
    half = instance(0, 0, image=NEW, provisioning_state="Failed")
    assert _plan([half, instance(1, 0, image=NEW)]).instance_ids == ["0"]


def test_a_vm_that_was_attached_to_a_flexible_scale_set_is_left_alone() -> None:
    attached = instance("pet", image=Image())
    there = inventory([attached, instance("web_1")], orchestration_mode="Flexible")
    plan = plan_batches(policy(), there, NEW)
    assert plan.instance_ids == ["web_1"]
    assert plan.skipped[0].reason.startswith("names no image")


@pytest.mark.parametrize("image", [OLD, NEW])
def test_a_plan_says_whether_the_model_is_set_already(image: Image) -> None:
    plan = plan_batches(policy(), inventory(spread(20), image=image), NEW)
    assert plan.model_already_set is (image is NEW)


def test_the_canary_goes_first_and_alone() -> None:
    plan = _plan(spread(20), canary={"instances": 1})
    assert _sizes(plan) == [1, 3, 4, 4, 4, 4]


def test_only_the_first_batch_is_the_canary() -> None:
    plan = _plan(spread(20), canary={"instances": 1})
    assert [batch.canary for batch in plan.batches] == [True, False, False, False, False, False]


def test_a_canary_never_leaves_its_domain() -> None:
    plan = _plan(spread(20), canary={"instances": 7})
    assert (_sizes(plan), _places(plan)[0]) == ([4] * 5, "update domain 0")


def test_a_canary_is_not_an_instance_whose_failure_would_count_against_nobody() -> None:
    well = spread(20)
    plan = _plan([*well[:15], unhealthy(well[15]), *well[16:]], canary={"instances": 1})
    assert plan.batches[0].instance_ids != ["15"]


def test_a_plan_without_batches_has_no_canary() -> None:
    assert _plan([], canary={"instances": 1}).batches == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"image": NEW}, ON_TARGET, id="it is on the target"),
        pytest.param({"protect_from_scale_set_actions": True}, PROTECTED, id="it is protected"),
        pytest.param(
            {"image": NEW, "protect_from_scale_set_actions": True}, ON_TARGET, id="it is both"
        ),
        pytest.param(
            {"power_state": "deallocated"},
            "is deallocated: whether it works on the target image could not be verified. Start it, "
            "then start a rollout again",
            id="it is switched off",
        ),
    ],
)
def test_an_instance_is_skipped_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    plan = _plan([instance(0, 0, **changes), instance(1, 0)])
    assert [(skip.instance_id, skip.reason) for skip in plan.skipped] == [("0", reason)]
    assert plan.instance_ids == ["1"]


def test_what_is_not_selected_is_neither_upgraded_nor_skipped() -> None:
    plan = _plan(spread(20), updateDomains=[1])
    assert (plan.total, _sizes(plan), plan.skipped) == (4, [4], [])


def test_a_percentage_is_of_the_whole_scale_set_also_when_few_are_selected() -> None:
    assert _sizes(_plan(spread(20), instanceIds=["0", "5"])) == [2]


@pytest.mark.parametrize(
    ("instances", "rules", "down", "percent"),
    [
        pytest.param(spread(20), {}, 4, 80, id="4 of 20 leave 80 %"),
        pytest.param(spread(7, 1), {"maxBatchInstances": 2}, 2, 71, id="it rounds down"),
        pytest.param(spread(4, 1), {"maxBatchInstances": 4}, 3, 25, id="never all at once"),
        pytest.param(spread(1), {}, 1, 0, id="the only one goes, and none is left"),
        pytest.param(
            [instance(0, 0), instance(1, 0), instance(2, 0, power_state="stopped")],
            {"maxBatchInstances": "100%"},
            1,
            33,
            id="one that is stopped is not there to serve",
        ),
        pytest.param(spread(20), {"updateDomains": [0]}, 4, 80, id="of the whole scale set"),
        pytest.param([], {}, 0, 100, id="an empty scale set loses nothing"),
    ],
)
def test_the_worst_moment_is(
    instances: list[Instance], rules: dict[str, Any], down: int, percent: int
) -> None:
    plan = _plan(instances, **rules)
    assert (plan.worst_case_down, plan.worst_case_capacity_percent) == (down, percent)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"update_domain": 3}, "update domain 3"),
        ({"update_domain": 0, "zone": "1"}, "update domain 0 of zone 1"),
        ({"fault_domain": 2}, "fault domain 2"),
        ({"zone": "2"}, "zone 2"),
        (
            {"update_domain": 1, "fault_domain": 2, "zone": "3"},
            "update domain 1 of fault domain 2 of zone 3",
        ),
        ({}, "the scale set"),
    ],
)
def test_a_place_in_words(place: dict[str, Any], words: str) -> None:
    assert Batch(number=1, instance_ids=["0"], **place).place == words


def test_the_fingerprint_stands_for_what_would_be_done() -> None:
    there = inventory(spread(20))
    before = plan_batches(policy(), there, NEW).fingerprint
    ill = inventory([unhealthy(there.instances[5]), *there.instances[:5], *there.instances[6:]])
    assert plan_batches(policy(), ill, NEW).fingerprint == before


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(inventory(spread(19)), id="an instance went"),
        pytest.param(inventory(spread(21)), id="an instance came"),
        pytest.param(
            inventory([instance(0, 0, image=NEW), *spread(20)[1:]]), id="one was upgraded"
        ),
        pytest.param(
            inventory([instance(0, 0, protect_from_scale_set_actions=True), *spread(20)[1:]]),
            id="was protected",
        ),
        pytest.param(inventory(spread(20), fingerprint="other"), id="the model was changed"),
    ],
)
def test_another_inventory_has_another_fingerprint(changed: Inventory) -> None:
    plans = [plan_batches(policy(), there, NEW) for there in (inventory(spread(20)), changed)]
    assert plans[0].fingerprint != plans[1].fingerprint
