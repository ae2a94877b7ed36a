"""The list of instances: pages, filters, selections, domains."""

from typing import Any

import pytest
from arm_world import Json, World
from azure.mgmt.compute import ComputeManagementClient

from local.arm.model.fault import InstanceVanishes

VMS = "virtualMachineScaleSets/web/virtualMachines"


def pages(world: World, **params: str) -> list[Json]:
    """Every page, following nextLink verbatim."""
    found = [world.call("GET", VMS, params=params).json()]
    while "nextLink" in found[-1]:
        found.append(world.call("GET", found[-1]["nextLink"]).json())
    return found


def ids(found: list[Json]) -> list[str]:
    return [one["instanceId"] for page in found for one in page["value"]]


@pytest.mark.parametrize(("size", "count"), [(1, 7), (3, 3), (7, 1)])
def test_pages_follow_each_other_without_gap(world: World, size: int, count: int) -> None:
    world.add(capacity=7, page_size=size)
    found = pages(world)
    assert (len(found), ids(found)) == (count, list("0123456"))


def test_next_links_are_absolute_and_keep_the_query(world: World) -> None:
    world.add(capacity=2, page_size=1)
    found = pages(world, **{"$expand": "instanceView"})
    assert found[0]["nextLink"].startswith(f"{world.url}/subscriptions/")
    assert "instanceView" in found[1]["value"][0]["properties"]


def test_a_token_is_stale_once_an_instance_has_gone(world: World) -> None:
    world.add(capacity=3, page_size=1)
    first = world.call("GET", VMS).json()
    world.fault(InstanceVanishes(instance_ids=("2",)))
    answer = world.call("GET", first["nextLink"])
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        {
            "code": "InvalidParameter",
            "message": "The request URL is not valid.",
            "target": "$skiptoken",
        },
    )


@pytest.mark.parametrize("token", ["", "nonsense", "WzFd", "MQ=="])
def test_a_token_that_was_never_given_out_is_refused(world: World, token: str) -> None:
    world.add(capacity=3)
    answer = world.call("GET", VMS, params={"$skiptoken": token})
    assert answer.status_code == (400 if token else 200)


def test_instances_can_be_filtered_by_their_model(world: World) -> None:
    world.add(capacity=4, page_size=1)
    world.roll_model()
    world.upgrade("1", "3")
    world.pass_time(60)
    for latest, expected in (("true", ["1", "3"]), ("false", ["0", "2"])):
        wanted = f"properties/latestModelApplied eq {latest}"
        assert ids(pages(world, **{"$filter": wanted})) == expected


def test_a_filter_that_is_not_served_is_refused(world: World) -> None:
    world.add()
    assert world.call("GET", VMS, params={"$filter": "name eq 'x'"}).status_code == 400


def test_instance_views_are_only_there_when_expanded(world: World) -> None:
    world.add(capacity=1)
    assert "instanceView" not in world.call("GET", VMS).json()["value"][0]["properties"]


def views(world: World) -> list[Json]:
    page = world.call("GET", VMS, params={"$expand": "instanceView"}).json()["value"]
    return [one["properties"]["instanceView"] for one in page]


def test_update_and_fault_domain_are_the_number_modulo_five(world: World) -> None:
    world.add(capacity=7)
    domains = [(one["platformUpdateDomain"], one["platformFaultDomain"]) for one in views(world)]
    assert domains == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (0, 0), (1, 1)]


def test_domains_start_again_in_each_placement_group(world: World) -> None:
    world.add(capacity=6, placement_group_size=3, update_domains=2)
    found = views(world)
    assert [one["platformUpdateDomain"] for one in found] == [0, 1, 0, 0, 1, 0]
    groups = [one["placementGroupId"] for one in found]
    assert (len(set(groups[:3])), len(set(groups[3:])), len(set(groups))) == (1, 1, 2)
    assert not world.scale_set()["properties"]["singlePlacementGroup"]


def test_zonal_instances_are_spread_with_update_domains_in_each_zone(world: World) -> None:
    world.add(capacity=6, zones=("1", "2"), update_domains=2)
    page: list[Any] = world.call("GET", VMS).json()["value"]
    assert [one["zones"] for one in page] == [["1"], ["2"]] * 3
    assert [one["platformUpdateDomain"] for one in views(world)] == [0, 0, 1, 1, 0, 0]
    assert world.scale_set()["zones"] == ["1", "2"]


def test_the_sdk_reads_a_thousand_instances(world: World, sdk: Any) -> None:
    world.add(capacity=1000)
    client: ComputeManagementClient = sdk(world)
    found = list(client.virtual_machine_scale_set_vms.list("demo", "web", expand="instanceView"))
    assert len({one.instance_id for one in found}) == 1000
    assert len(world.azure.requests.all()) == 9


def test_the_sdk_follows_pages_of_one_item(world: World, sdk: Any) -> None:
    world.add(capacity=4, page_size=1)
    client: ComputeManagementClient = sdk(world)
    found = client.virtual_machine_scale_set_vms.list("demo", "web", expand="instanceView")
    assert [one.instance_view.platform_update_domain for one in found if one.instance_view] == [
        0,
        1,
        2,
        3,
    ]
