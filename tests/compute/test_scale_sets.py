"""The real SDK against the simulated Azure."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from compute import scale_sets
from local.arm.http.app import create_app
from local.arm.images.published import PlatformImage
from local.arm.model.azure import Azure
from local.arm.model.fault_reading import fault_from_json
from local.arm.model.spec import ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from rollout.base import ArmErrorKind, ArmFailure
from rollout.batch import OperationState
from rollout.inventory import Image, ScaleSetId

NEW = Image(
    publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201507060"
)


@dataclass
class World:
    """A simulated Azure with one scale set of 10 instances, listed in pages of one."""

    azure: Azure
    scale_set: ScaleSetId

    def fault(self, kind: str, **what: object) -> None:
        self.azure.add_fault(fault_from_json({"kind": kind, **what}))

    def served(self, method: str) -> int:
        return sum(one.method == method for one in self.azure.requests.all())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    azure = Azure(ManualClock())
    azure.add_image(PlatformImage.model_validate(NEW.to_json()))
    scale_set = azure.add_scale_set(ScaleSetSpec(name="web", capacity=10, page_size=1))
    with Server(create_app(azure)) as arm:
        monkeypatch.setenv("ARM_ENDPOINT", arm.url)
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{arm.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "local")
        yield World(azure, ScaleSetId.parse(scale_set))


def test_all_pages_of_instances_are_read(world: World) -> None:
    inventory = scale_sets.read_inventory(world.scale_set, "auto")
    assert [one.instance_id for one in inventory.instances] == [str(n) for n in range(10)]
    assert {one.update_domain for one in inventory.instances} == {0, 1, 2, 3, 4}


def test_the_image_is_set_and_the_operation_can_be_followed(world: World) -> None:
    etag = scale_sets.read_scale_set(world.scale_set).etag
    url = scale_sets.set_image(world.scale_set, NEW, etag)
    assert url is not None
    assert scale_sets.read_operation(world.scale_set, url).state is OperationState.RUNNING
    assert scale_sets.read_scale_set(world.scale_set).image == NEW


def test_an_image_is_not_set_on_a_scale_set_that_was_changed_since(world: World) -> None:
    """The SDK sends If-Match only when it is given a match condition too."""
    with pytest.raises(ArmFailure) as refused:
        scale_sets.set_image(world.scale_set, NEW, '"0"')
    assert refused.value.error.kind is ArmErrorKind.STALE


@pytest.mark.parametrize("ids", [[], ["*"], ["1", "*"]])
def test_a_call_for_all_instances_at_once_is_never_sent(world: World, ids: list[str]) -> None:
    with pytest.raises(ValueError, match="refusing to upgrade all instances"):
        scale_sets.start_upgrade(world.scale_set, ids)
    assert world.served("POST") == 0


@pytest.mark.parametrize("status", [500, 503])
def test_an_upgrade_that_is_answered_with_an_error_is_not_sent_again(
    world: World, status: int
) -> None:
    world.fault("serverError", status=status, count=1, method="POST")
    with pytest.raises(ArmFailure) as failed:
        scale_sets.start_upgrade(world.scale_set, ["1"])
    assert (failed.value.error.kind, failed.value.error.status) == (
        ArmErrorKind.UNAVAILABLE,
        status,
    )
    assert world.served("POST") == 1


def test_a_read_throttled_for_long_says_when_to_come_again_and_does_not_wait(world: World) -> None:
    world.fault("throttle", count=1, retryAfter=1200)
    with pytest.raises(ArmFailure) as throttled:
        scale_sets.read_scale_set(world.scale_set)
    assert throttled.value.error.retry_after == 1200
    assert world.served("GET") == 1


def test_a_dropped_connection_is_unavailable(world: World) -> None:
    scale_sets.read_scale_set(world.scale_set)
    world.fault("dropConnection", count=1)
    with pytest.raises(ArmFailure) as failed:
        scale_sets.read_scale_set(world.scale_set)
    assert (failed.value.error.kind, failed.value.error.status) == (ArmErrorKind.UNAVAILABLE, 0)


def test_an_instance_that_is_gone_means_read_again(world: World) -> None:
    with pytest.raises(ArmFailure) as failed:
        scale_sets.start_upgrade(world.scale_set, ["1", "77"])
    assert failed.value.error.kind is ArmErrorKind.STALE


def error(code: str, message: str, **more: object) -> object:
    return {"error": {"code": code, "message": message, **more}}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, error("NotFound", "The entity was not found in this Azure location.")),
        (404, error("ResourceNotFound", "The Resource 'web/virtualMachines/1' was not found.")),
        (400, error("BadRequest", "The VM instance web_1 cannot be found.")),
        (400, error("InvalidParameter", "instanceId 1 is not an active instanceId.")),
    ],
)
def test_an_instance_that_azure_misses_means_read_again(
    world: World, status: int, body: object
) -> None:
    """Also without the target that Azure names it by at other times."""
    world.fault("rewrite", method="POST", status=status, body=body)
    with pytest.raises(ArmFailure) as failed:
        scale_sets.start_upgrade(world.scale_set, ["1"])
    assert failed.value.error.kind is ArmErrorKind.STALE
    assert world.served("POST") == 1


def test_another_bad_request_is_a_refusal(world: World) -> None:
    body = error("BadRequest", "Managed Images are not supported for this security type.")
    world.fault("rewrite", method="POST", status=400, body=body)
    with pytest.raises(ArmFailure) as failed:
        scale_sets.start_upgrade(world.scale_set, ["1"])
    assert failed.value.error.kind is ArmErrorKind.REFUSED


def test_an_unknown_scale_set_is_named(world: World) -> None:
    unknown = ScaleSetId(world.scale_set.subscription, "demo", "nowhere")
    with pytest.raises(ArmFailure, match=r"could not read nowhere: ResourceNotFound"):
        scale_sets.read_scale_set(unknown)
