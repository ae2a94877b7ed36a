"""The real azure-mgmt-compute works against the simulator, unmodified."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from arm_world import NEWER, Json, World
from azure.core import MatchConditions
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.core.pipeline.policies import AzureKeyCredentialPolicy
from azure.core.rest import HttpRequest
from azure.identity import ManagedIdentityCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.aio import ComputeManagementClient as AsyncComputeManagementClient
from azure.mgmt.compute.models import (
    VirtualMachineScaleSetUpdate,
    VirtualMachineScaleSetVMInstanceRequiredIDs,
)

from local.arm.base.ids import SUBSCRIPTION
from local.arm.model.fault import UpgradeFails
from local.arm.model.spec import UBUNTU

type Connect = Callable[[World], ComputeManagementClient]
type PatchOf = Callable[[Json], Json]


def test_a_model_is_patched_and_instances_upgraded_with_pollers(
    fast_world: World, sdk: Connect, patch_of: PatchOf
) -> None:
    fast_world.add(retry_after_model=None)
    fast_world.publish()
    sets = sdk(fast_world).virtual_machine_scale_sets
    change = VirtualMachineScaleSetUpdate(patch_of({"version": NEWER}))
    updated = sets.begin_update("demo", "web", change).result()
    assert updated.properties
    assert updated.properties.provisioning_state == "Succeeded"
    sets.begin_update_instances("demo", "web", {"instanceIds": ["0", "5"]}).result()
    vm = sdk(fast_world).virtual_machine_scale_set_vms.get("demo", "web", "5")
    assert vm.properties
    assert vm.properties.latest_model_applied


def test_the_async_client_does_the_same(fast_world: World, patch_of: PatchOf) -> None:
    fast_world.add(retry_after_model=None)
    fast_world.publish()

    async def roll() -> bool:
        key = AzureKeyCredential("simulated")
        async with AsyncComputeManagementClient(
            key,  # pyright: ignore[reportArgumentType]  # only the policy is used
            SUBSCRIPTION,
            base_url=fast_world.url,
            authentication_policy=AzureKeyCredentialPolicy(key, "Authorization", prefix="Bearer"),
            polling_interval=0.01,  # pyright: ignore[reportArgumentType]  # fractions work
        ) as client:
            sets = client.virtual_machine_scale_sets
            change = VirtualMachineScaleSetUpdate(patch_of({"version": NEWER}))
            await (await sets.begin_update("demo", "web", change)).result()
            ids = VirtualMachineScaleSetVMInstanceRequiredIDs({"instanceIds": ["0"]})
            await (await sets.begin_update_instances("demo", "web", ids)).result()
            found = client.virtual_machine_scale_set_vms.list("demo", "web")
            applied = [one.properties async for one in found]
            return bool(applied[0] and applied[0].latest_model_applied)

    assert asyncio.run(roll())


def test_a_failed_upgrade_raises_the_operations_error(fast_world: World, sdk: Connect) -> None:
    fast_world.add()
    fast_world.publish()
    fast_world.fault(UpgradeFails(instance_ids=("0",)))
    fast_world.set_image()
    sets = sdk(fast_world).virtual_machine_scale_sets
    wait_for_set(fast_world)
    with pytest.raises(HttpResponseError) as caught:
        sets.begin_update_instances("demo", "web", {"instanceIds": ["0"]}).result()
    assert caught.value.error
    assert caught.value.error.code == "VMExtensionProvisioningError"


def wait_for_set(world: World) -> None:
    while world.scale_set()["properties"]["provisioningState"] == "Updating":
        pass


def test_an_operation_can_be_followed_by_its_url_alone(world: World, sdk: Connect) -> None:
    world.add()
    world.roll_model()
    seen: dict[str, str] = {}

    def keep(response: Any) -> None:
        seen.update(response.http_response.headers)

    client = sdk(world)
    client.virtual_machine_scale_sets.begin_update_instances(
        "demo",
        "web",
        {"instanceIds": ["0"]},
        polling=False,
        raw_response_hook=keep,
    )
    url = seen["azure-asyncoperation"]
    world.pass_time(60)
    answer = client.send_request(HttpRequest("GET", url)).json()
    assert answer["status"] == "Succeeded"


@pytest.mark.parametrize(
    ("error", "etag", "name"),
    [
        (ResourceModifiedError, '"9"', "web"),
        (ResourceNotFoundError, '"1"', "none"),
    ],
)
def test_refusals_raise_the_sdks_own_errors(
    world: World, sdk: Connect, error: type[Exception], etag: str, name: str
) -> None:
    world.add()
    sets = sdk(world).virtual_machine_scale_sets
    with pytest.raises(error):
        sets.begin_update(
            "demo",
            name,
            VirtualMachineScaleSetUpdate({"tags": {}}),
            etag=etag,
            match_condition=MatchConditions.IfNotModified,
            polling=False,
        )


def test_a_conflict_raises_resource_exists_error(world: World, sdk: Connect) -> None:
    world.add()
    world.roll_model()
    world.upgrade("0")
    sets = sdk(world).virtual_machine_scale_sets
    with pytest.raises(ResourceExistsError, match="Conflict"):
        sets.begin_update_instances("demo", "web", {"instanceIds": ["0"]}, polling=False)


def test_images_are_read_with_the_sdk(world: World, sdk: Connect) -> None:
    world.add()
    world.publish()
    images = sdk(world).virtual_machine_images
    versions = images.list("westus", "Canonical", "UbuntuServer", "14.04.2-LTS")
    assert [one.name for one in versions] == ["14.04.201506100", NEWER]


def test_a_managed_identity_gets_a_token_for_whatever_it_asks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{world.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "secret")
    resources = ["https://management.azure.com", "https://management.core.usgovcloudapi.net"]
    with ManagedIdentityCredential() as credential:
        for resource in resources:
            token: Any = credential.get_token(f"{resource}/.default")
            assert token.token.startswith("simulated")
    assert world.http.get("/_sim/tokens").json() == dict.fromkeys(resources, 1)
    assert world.http.get("/_sim/requests").json() == []


def test_a_flexible_set_is_read_and_upgraded_vm_by_vm(world: World, sdk: Connect) -> None:
    flex = world.add("flex", orchestration_mode="Flexible", capacity=3)
    world.roll_model(name="flex")
    client = sdk(world)
    bare = list(client.virtual_machine_scale_set_vms.list("demo", "flex", expand="instanceView"))
    assert {(one.properties is None, one.instance_view) for one in bare} == {(True, None)}
    assert [one.zones for one in bare] == [[None]] * 3
    names = [one.instance_id or "" for one in bare]
    of_set = f"'virtualMachineScaleSet/id' eq '{flex}'"
    assert [one.name for one in client.virtual_machines.list("demo", filter=of_set)] == names
    ids = VirtualMachineScaleSetVMInstanceRequiredIDs({"instanceIds": names[:1]})
    sets = client.virtual_machine_scale_sets
    sets.begin_update_instances("demo", "flex", ids, polling=False)
    world.pass_time(90)
    vms = [client.virtual_machines.get("demo", name, expand="instanceView") for name in names]
    assert [one.storage_profile.image_reference.exact_version for one in vms] == [
        NEWER,
        *[UBUNTU.version] * 2,
    ]
    assert {one.instance_view.vm_health.status.code for one in vms} == {"HealthState/healthy"}


def test_azures_own_rolling_upgrade_is_read(world: World, sdk: Connect) -> None:
    world.add(upgrade_policy="Rolling")
    rolling = sdk(world).virtual_machine_scale_set_rolling_upgrades
    with pytest.raises(ResourceNotFoundError):
        rolling.get_latest("demo", "web")
    world.roll_model()
    latest = rolling.get_latest("demo", "web")
    assert latest.running_status
    assert latest.running_status.code == "RollingForward"


def test_a_token_is_refused_without_the_identity_header(world: World) -> None:
    assert world.http.get("/msi/token?resource=https://management.azure.com").status_code == 400
