"""What there is in a subscription: the real SDK against the simulated Azure, and recordings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from compute.scale_set_list import (
    list_scale_sets,
    rolling_upgrade_of,
    scale_set_summary,
    view_scale_set,
)
from local.arm.base.ids import SUBSCRIPTION
from local.arm.http.app import create_app
from local.arm.images.image import ImageReference
from local.arm.images.published import PlatformImage
from local.arm.model.azure import Azure
from local.arm.model.fault_reading import fault_from_json
from local.arm.model.spec import UBUNTU, ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import Health, ScaleSetId

OTHER = "11111111-1111-1111-1111-111111111111"
NEWER = "14.04.201507060"
TESTS = Path(__file__).parents[1]


@dataclass
class World:
    """A simulated Azure, empty at first."""

    azure: Azure
    clock: ManualClock

    def add(self, name: str, **knobs: Any) -> ScaleSetId:
        return ScaleSetId.parse(self.azure.add_scale_set(ScaleSetSpec(name=name, **knobs)))

    def fault(self, kind: str, **what: object) -> None:
        self.azure.add_fault(fault_from_json({"kind": kind, **what}))

    def change_image(self, scale_set: ScaleSetId) -> None:
        """Somebody writes a newer image into the model."""
        newer = UBUNTU.model_copy(update={"version": NEWER})
        self.azure.add_image(PlatformImage(**newer.model_dump(exclude_none=True)))
        image = ImageReference(version=NEWER).model_dump(exclude_none=True)
        self.fault("foreignWrite", scaleSet=str(scale_set), image=image)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


async def two_pages(request: Request) -> Response:
    """The list of a subscription on two pages, with one of its sets on both, spelled anew."""
    first, second = ({**one} for one in recorded("vmss-list-resource-group")["value"] * 2)
    if "$skiptoken" not in request.query_params:
        next_link = str(request.url.include_query_params(**{"$skiptoken": "1"}))
        return JSONResponse({"value": [first], "nextLink": next_link})
    other = {**second, "id": second["id"].replace(second["name"], "another")}
    second["id"] = second["id"].upper()
    return JSONResponse({"value": [second, other]})


PAGED = "33333333-3333-3333-3333-333333333333"
LIST_ALL = f"/subscriptions/{PAGED}/providers/Microsoft.Compute/virtualMachineScaleSets"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    clock = ManualClock()
    azure = Azure(clock)
    routes = [Route(LIST_ALL, two_pages), Mount("/", create_app(azure))]
    with Server(Starlette(routes=routes)) as arm:
        monkeypatch.setenv("ARM_ENDPOINT", arm.url)
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{arm.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "local")
        yield World(azure, clock)


def recorded(name: str) -> Any:
    """The body of a recorded exchange."""
    place = next(TESTS.glob(f"*/recorded/{name}.json"))
    return json.loads(place.read_text())["response"]["body"]


def test_every_scale_set_of_a_subscription_is_listed_in_order(world: World) -> None:
    for group, name in (("shop", "web"), ("back", "web"), ("shop", "api")):
        world.add(name, resource_group=group, capacity=1)
    world.add("elsewhere", subscription=OTHER, capacity=1)
    listed = list_scale_sets(SUBSCRIPTION, None)
    assert [(one.resource_group, one.name) for one in listed] == [
        ("BACK", "web"), ("SHOP", "api"), ("SHOP", "web"),
    ]  # fmt: skip
    assert [one.name for one in list_scale_sets(OTHER, None)] == ["elsewhere"]


def test_ids_are_as_azure_gives_them_and_lead_to_the_scale_set(world: World) -> None:
    """Recorded: the list of a subscription upper-cases the resource group."""
    scale_set = world.add("web", capacity=1)
    (listed,) = list_scale_sets(SUBSCRIPTION, None)
    assert listed.id.resource_group == "DEMO"
    assert listed.id.key == scale_set.key
    assert view_scale_set(listed.id).id == scale_set


def test_only_the_scale_sets_of_a_resource_group_are_listed(world: World) -> None:
    world.add("web", resource_group="shop", capacity=1)
    world.add("web", resource_group="shop2", capacity=1)
    (listed,) = list_scale_sets(SUBSCRIPTION, "SHOP")
    assert listed.resource_group == "shop"


@pytest.mark.usefixtures("world")
def test_every_page_is_read_and_every_scale_set_shown_once() -> None:
    listed = list_scale_sets(PAGED, None)
    assert [one.name.casefold() for one in listed] == ["another", "vmss1"]


@pytest.mark.usefixtures("world")
def test_an_empty_subscription_has_an_empty_list() -> None:
    assert list_scale_sets(SUBSCRIPTION, None) == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("subscription", [OTHER, "abc"])
def test_an_unknown_subscription_is_named(subscription: str) -> None:
    with pytest.raises(ArmFailure, match=subscription) as failed:
        list_scale_sets(subscription, None)
    assert failed.value.error.as_problem().title == "No such subscription"


@pytest.mark.usefixtures("world")
def test_an_unknown_resource_group_is_named() -> None:
    with pytest.raises(ArmFailure, match=r"resourceGroups/nowhere: ResourceGroupNotFound") as found:
        list_scale_sets(SUBSCRIPTION, "nowhere")
    assert found.value.error.kind is ArmErrorKind.NOT_FOUND


def test_a_line_of_the_list_says_what_the_scale_set_is(world: World) -> None:
    world.add("web", zones=("1", "2"), capacity=6, tags={"team": "blue"})
    world.add("flex", orchestration_mode="Flexible", capacity=2)
    flex, web = list_scale_sets(SUBSCRIPTION, None)
    assert (web.zones, web.capacity, web.tags) == (["1", "2"], 6, {"team": "blue"})
    assert (web.vm_size, web.location) == ("Standard_DS1_v2", "westus")
    assert (web.admin_user, web.computer_name_prefix) == ("azureuser", "web")
    assert str(web.image) == "Canonical:UbuntuServer:14.04.2-LTS:14.04.201506100"
    assert (flex.orchestration_mode, flex.zones, flex.upgrade_policy.mode) == (
        "Flexible",
        [],
        "Manual",
    )
    assert flex.rollable
    assert web.rollable


def test_a_recorded_scale_set_is_read() -> None:
    (body,) = recorded("vmss-list-resource-group")["value"]
    one = scale_set_summary(body)
    assert (one.name, one.vm_size, one.capacity) == ("vmss1", "Standard_DS1_v2", 5)
    assert (one.overprovision, one.platform_fault_domain_count) == (True, 5)
    assert (one.admin_user, one.computer_name_prefix) == ("myadmin", "vmss1e119")


def test_a_recorded_flexible_scale_set_is_read() -> None:
    one = scale_set_summary(recorded("vmss-get-flexible"))
    assert (one.orchestration_mode, one.upgrade_policy.mode) == ("Flexible", "Manual")


def test_a_body_with_the_least_in_it_is_read() -> None:
    set_id = str(ScaleSetId("s", "g", "n"))
    least: dict[str, Any] = {"id": set_id, "location": "westus", "properties": {}}
    one = scale_set_summary(least)
    assert (one.name, one.zones, one.tags) == ("n", [], {})
    assert (one.capacity, one.image, one.admin_user) == (None, None, None)


def test_a_view_has_every_instance_of_every_page(world: World) -> None:
    world.add("web", capacity=12, page_size=5, zones=("1", "2", "3"), update_domains=2)
    view = view_scale_set(ScaleSetId(SUBSCRIPTION, "demo", "web"))
    assert [one.instance_id for one in view.instances] == [str(n) for n in range(12)]
    assert [(row.zone, row.update_domain, len(row.instance_ids)) for row in view.rows] == [
        (zone, domain, 2) for zone in ("1", "2", "3") for domain in (0, 1)
    ]


def test_a_view_counts_images_and_healths_and_shows_what_is_protected(world: World) -> None:
    world.add("web", capacity=5, protected=("3",), unhealthy=("1",), stopped=("2",))
    view = view_scale_set(ScaleSetId(SUBSCRIPTION, "demo", "web"))
    assert [one.instances for one in view.image_counts] == [5]
    assert view.health_counts[Health.HEALTHY] == 3
    assert view.health_counts[Health.UNHEALTHY] == 1
    assert [one.instance_id for one in view.instances if one.protect_from_scale_set_actions] == [
        "3"
    ]
    assert [one.instance_id for one in view.instances if one.off] == ["2"]


def test_a_flexible_scale_set_is_viewed_vm_by_vm(world: World) -> None:
    scale_set = world.add("flex", orchestration_mode="Flexible", capacity=3, protected=("0",))
    view = view_scale_set(scale_set)
    assert all(one.instance_id.startswith("flex_") for one in view.instances)
    assert sum(one.protect_from_scale_set_actions for one in view.instances) == 1
    assert [len(row.instance_ids) for row in view.rows] == [3]


def test_an_unknown_scale_set_is_named(world: World) -> None:
    world.add("web", capacity=1)
    with pytest.raises(ArmFailure, match=r"could not read nowhere: ResourceNotFound"):
        view_scale_set(ScaleSetId(SUBSCRIPTION, "demo", "nowhere"))


def test_a_set_that_never_rolled_by_itself_has_no_rolling_upgrade(world: World) -> None:
    assert view_scale_set(world.add("web", capacity=1)).rolling_upgrade is None


def test_azures_own_rolling_upgrade_is_followed(world: World) -> None:
    scale_set = world.add("web", capacity=4, update_domains=2, upgrade_policy="Rolling")
    world.change_image(scale_set)
    world.pass_time(30)
    began = view_scale_set(scale_set)
    world.pass_time(3600)
    ended = view_scale_set(scale_set)
    assert began.rolling_upgrade is not None
    assert ended.rolling_upgrade is not None
    assert began.rolling_upgrade.code == "RollingForward"
    assert began.rolling_upgrade.counts.in_progress == 2
    assert began.rolling_upgrade.counts.pending == 2
    assert ended.rolling_upgrade.code == "Completed"
    assert ended.rolling_upgrade.counts.successful == 4
    assert ended.rolling_upgrade.start_time == began.rolling_upgrade.start_time is not None
    assert [(one.image.version, one.instances) for one in ended.image_counts] == [(NEWER, 4)]


def test_a_recorded_rolling_upgrade_is_read() -> None:
    upgrade = rolling_upgrade_of(recorded("rollingUpgrades-latest"))
    assert (upgrade.code, upgrade.counts.successful) == ("Completed", 2)
    assert upgrade.start_time is not None
    assert upgrade.start_time.isoformat() == "2023-03-24T05:42:16.596173+00:00"


@pytest.mark.parametrize("path", ["virtualMachineScaleSets", "rollingUpgrades"])
def test_what_azure_does_not_let_us_read_is_not_taken_for_nothing(world: World, path: str) -> None:
    scale_set = world.add("web", capacity=1)
    world.fault("denied", status=403, path=path)
    with pytest.raises(ArmFailure, match="AuthorizationFailed"):
        view_scale_set(scale_set)
