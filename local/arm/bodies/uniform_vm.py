"""The body of a Uniform scale set's VM."""

from datetime import datetime

from local.arm.base import Json, instant, merged, resource_id, without
from local.arm.bodies.instance_view import computer_name, disk_name, vm_view
from local.arm.bodies.scale_set import quoted
from local.arm.model import VM_SIZE, Condition, Instance, Provisioning, ScaleSet

_TYPE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"


def vm_body(
    scale_set: ScaleSet, instance: Instance, condition: Condition, *, now: datetime, view: bool
) -> Json:
    """As in the recorded exchange vm-get-uniform; `view` adds the instanceView."""
    spec = scale_set.spec
    zone = instance.place.zone
    return {
        "name": f"{spec.name}_{instance.instance_id}",
        "id": _vm_id(instance),
        "type": _TYPE,
        "location": spec.location,
        "tags": scale_set.tags,
        "instanceId": instance.instance_id,
        "sku": {"name": VM_SIZE, "tier": "Standard"},
        "properties": _properties(scale_set, instance, condition, now=now, view=view),
        "etag": quoted(instance.etag(now)),
        **({"zones": [zone]} if zone else {}),
    }


def vm_view_item(scale_set: ScaleSet, instance: Instance, condition: Condition) -> Json:
    """An item of the list with `$select=instanceView`: recorded without name, location, model."""
    return {
        "id": _vm_id(instance),
        "instanceId": instance.instance_id,
        "properties": {
            "latestModelApplied": scale_set.has_latest_model(instance, condition.deployed),
            "instanceView": vm_view(scale_set, instance, condition),
            "hardwareProfile": {},
            "provisioningState": condition.provisioning,
        },
    }


def provisioning_state(scale_set: ScaleSet, instance: Instance, state: str, now: datetime) -> str:
    """A write to the VM also shows as Updating, as recorded for the protectionPolicy."""
    written = any(
        operation.is_of_vm
        and operation.runs(now)
        and operation.excludes(frozenset({instance.instance_id}))
        for operation in scale_set.operations
    )
    return Provisioning.UPDATING if written else state


def _vm_id(instance: Instance) -> str:
    return f"{instance.scale_set_id}/virtualMachines/{instance.instance_id}"


def _properties(
    scale_set: ScaleSet, instance: Instance, condition: Condition, *, now: datetime, view: bool
) -> Json:
    profile = scale_set.model.profile
    network: Json = profile["networkProfile"]
    nic: str = network["networkInterfaceConfigurations"][0]["name"]
    names = {"computerName": computer_name(scale_set, instance)}
    return {
        "latestModelApplied": scale_set.has_latest_model(instance, condition.deployed),
        "modelDefinitionApplied": "VirtualMachineScaleSet",
        **({"instanceView": vm_view(scale_set, instance, condition)} if view else {}),
        "networkProfileConfiguration": network,
        **protection(instance),
        "provisioningState": provisioning_state(scale_set, instance, condition.provisioning, now),
        "hardwareProfile": {"vmSize": VM_SIZE},
        "vmId": instance.vm_id,
        "storageProfile": vm_storage(scale_set, instance, condition),
        "osProfile": names | without(profile["osProfile"], ["computerNamePrefix"]),
        "networkProfile": {
            "networkInterfaces": [{"id": f"{_vm_id(instance)}/networkInterfaces/{nic}"}]
        },
        "timeCreated": instant(instance.deployments[0].start),
    }


def protection(instance: Instance) -> Json:
    """Recorded: there is no protectionPolicy until one is set."""
    if not (instance.puts or instance.protected_from_actions):
        return {}
    policy = {
        "protectFromScaleIn": instance.protected_from_scale_in,
        "protectFromScaleSetActions": instance.protected_from_actions,
    }
    return {"protectionPolicy": policy}


def vm_storage(scale_set: ScaleSet, instance: Instance, condition: Condition) -> Json:
    """What is on the VM's disk now; a VHD's uri is on the disk, without an imageReference."""
    image = condition.deployed.image
    name = disk_name(instance, condition)
    disk: Json = scale_set.model.profile["storageProfile"]["osDisk"]
    if image.reference is None:
        return {"osDisk": disk | {"name": name, "image": {"uri": image.identity}}, "dataDisks": []}
    spec = scale_set.spec
    disk_id = resource_id(spec.subscription, spec.resource_group, "disks", name)
    return {
        "imageReference": image.reference,
        "osDisk": merged(disk, {"name": name, "managedDisk": {"id": disk_id}}),
        "dataDisks": [],
    }
