import json
from typing import Any

import pytest
from builders import NEW, OLD, instance, inventory, scale_set, spread

from rollout.inventory import Inventory


def test_instances_are_in_the_order_of_their_numbers() -> None:
    ids = ["10", "9", "100", "0"]
    ordered = sorted(map(instance, ids), key=lambda there: there.order)
    assert [there.instance_id for there in ordered] == ["0", "9", "10", "100"]


def test_instances_with_names_are_in_alphabetical_order() -> None:
    ordered = sorted(map(instance, ["web_b", "web_a"]), key=lambda there: there.order)
    assert [there.instance_id for there in ordered] == ["web_a", "web_b"]


@pytest.mark.parametrize(
    ("state", "health", "unhealthy"),
    [
        pytest.param("Succeeded", "healthy", False, id="healthy: no"),
        pytest.param("Succeeded", "unhealthy", True, id="unhealthy: yes"),
        pytest.param("Succeeded", "unknown", False, id="unknown: no, nobody could tell"),
        pytest.param("Succeeded", "initializing", False, id="initializing: no, give it time"),
        pytest.param("Failed", "healthy", True, id="failed to provision: yes, whatever it says"),
        pytest.param("FAILED", "unknown", True, id="failed to provision, in any case: yes"),
        pytest.param("Updating", "unknown", False, id="being updated: no"),
    ],
)
def test_an_instance_is_unhealthy(state: str, health: str, *, unhealthy: bool) -> None:
    assert instance(0, provisioning_state=state, health=health).unhealthy is unhealthy


@pytest.mark.parametrize(
    ("state", "power_state", "off"),
    [
        pytest.param("Succeeded", "running", False, id="running: no"),
        pytest.param("Succeeded", "starting", False, id="starting: no"),
        pytest.param("Succeeded", "unknown", False, id="nobody could tell: no"),
        pytest.param("Succeeded", "stopped", True, id="stopped: yes"),
        pytest.param("Succeeded", "deallocating", True, id="about to be deallocated: yes"),
        pytest.param("Updating", "stopped", False, id="stopped by an upgrade under way: no"),
        pytest.param("Failed", "stopped", False, id="left stopped by an upgrade that failed: no"),
    ],
)
def test_an_instance_is_switched_off(state: str, power_state: str, *, off: bool) -> None:
    there = instance(0, provisioning_state=state, power_state=power_state)
    assert there.off is off
    assert inventory([there, instance(1)]).running == (1 if off else 2)


def test_who_is_being_deleted_is_no_capacity() -> None:
    assert inventory([instance(0), instance(1, provisioning_state="Deleting")]).running == 1


@pytest.mark.parametrize(
    ("changes", "runs"),
    [
        pytest.param({}, False, id="on the old one"),
        pytest.param({"image": NEW}, True, id="on it"),
        pytest.param({"image": NEW, "health": "unhealthy"}, True, id="on it, and unhealthy"),
        pytest.param({"image": NEW, "provisioning_state": "Failed"}, False, id="but it failed"),
    ],
)
def test_an_instance_runs_the_new_image(changes: dict[str, Any], *, runs: bool) -> None:
    assert instance(0, **changes).runs(NEW) is runs


@pytest.mark.parametrize(
    ("state", "moving"),
    [
        ("Succeeded", False),
        ("Updating", True),
        ("updating", True),
        ("Creating", True),
        ("Deleting", True),
        pytest.param("Failed", False, id="Failed is no obstacle: a rollout may be the repair"),
    ],
)
def test_an_operation_runs_on_a_scale_set(state: str, *, moving: bool) -> None:
    assert scale_set(provisioning_state=state).moving is moving


def test_a_packed_inventory_is_plain_json() -> None:
    packed = inventory(spread(7, zones=2, fault_domains=3)).pack()
    assert json.loads(json.dumps(packed)) == packed


def test_an_unpacked_inventory_is_the_one_that_was_packed() -> None:
    there = inventory(
        [
            instance(0, 1, zone="1", placement_group_id="a", protect_from_scale_set_actions=True),
            instance("web_1", fault_domain=2, image=NEW, health="initializing"),
            instance(2, provisioning_state="Failed", health="unhealthy", power_state="stopped"),
        ],
        image=None,
    )
    assert Inventory.unpack(there.pack()) == there


def test_images_and_placement_groups_are_packed_once() -> None:
    packed = inventory(
        instance(number, image=NEW if number % 2 else OLD, placement_group_id="a")
        for number in range(10)
    ).pack()
    assert (packed["images"], packed["groups"]) == ([OLD.to_json(), NEW.to_json()], ["a"])


def test_a_thousand_instances_fit_into_a_durable_message_of_64_kb() -> None:
    packed = inventory(spread(1000, zones=3, fault_domains=5, placement_groups=10)).pack()
    assert len(json.dumps(packed)) < 64 * 1024


def test_computer_names_are_packed_beside_where_they_are_wanted() -> None:
    bare = inventory(spread(1000, zones=3, fault_domains=5, placement_groups=10))
    named = bare.model_copy(
        update={
            "instances": [
                each.model_copy(update={"computer_name": f"web{each.instance_id:0>6}"})
                for each in bare.instances
            ]
        }
    )
    assert Inventory.unpack(named.pack()) == named
    assert Inventory.unpack(named.pack(names=False)) == bare
    assert named.pack(names=False) == bare.pack()
    assert len(json.dumps(named.pack())) < 64 * 1024
