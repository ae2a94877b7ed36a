"""The VMs of a Flexible scale set: bare items of its list, and virtual machines of their own."""

from local.arm.base import Json, instant, merged, resource_id, without
from local.arm.bodies.instance_view import computer_name, fault_domain, vm_view
from local.arm.bodies.network_interface import interface_id
from local.arm.bodies.scale_set import quoted
from local.arm.bodies.uniform_vm import protection, vm_storage
from local.arm.model import VM_SIZE, Condition, Instance, ScaleSet


def bare_item(scale_set: ScaleSet, instance: Instance) -> Json:
    """As in the recorded exchange vm-list-flexible-bare-items: no properties, no etag."""
    return {
        "name": instance.instance_id,
        "id": f"{scale_set.id}/virtualMachines/{instance.instance_id}",
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "location": scale_set.spec.location,
        "instanceId": instance.instance_id,
        "zones": [None],
    }


def protected_item(scale_set: ScaleSet, instance: Instance) -> Json:
    """The bare item with its protection, which is documented for Flexible since api 2023-09-01; how
    the whole body looks then is not recorded.
    """
    shown = protection(instance)
    return bare_item(scale_set, instance) | ({"properties": shown} if shown else {})


def flexible_vm(
    scale_set: ScaleSet, instance: Instance, condition: Condition, *, etag: int, view: bool
) -> Json:
    """The virtual machine, as in the recorded exchange flex-vm-get-expand-instanceView."""
    spec = scale_set.spec
    zone = instance.place.zone
    path = ("virtualMachines", instance.instance_id)
    return {
        "name": instance.instance_id,
        "id": resource_id(spec.subscription, spec.resource_group, *path),
        "type": "Microsoft.Compute/virtualMachines",
        "location": spec.location,
        "tags": scale_set.tags,
        "properties": _properties(scale_set, instance, condition, view=view),
        "etag": quoted(etag),
        **({"zones": [zone]} if zone else {}),
    }


def listed_vm(scale_set: ScaleSet, instance: Instance, condition: Condition) -> Json:
    """An item of the list filtered by scale set (recorded: flex-vm-list-filter-vmss): the resource
    group is upper-cased in its own id and that of its scale set, and there is no etag.
    """
    body = without(flexible_vm(scale_set, instance, condition, etag=0, view=False), ["etag"])
    spec = scale_set.spec

    def upper(*path: str) -> str:
        return resource_id(spec.subscription, spec.resource_group.upper(), *path)

    own = {"id": upper("virtualMachines", instance.instance_id)}
    scale_set_id = upper("virtualMachineScaleSets", spec.name)
    return merged(body, own | {"properties": {"virtualMachineScaleSet": {"id": scale_set_id}}})


def _properties(
    scale_set: ScaleSet, instance: Instance, condition: Condition, *, view: bool
) -> Json:
    profile = scale_set.model.profile
    names = {"computerName": computer_name(scale_set, instance)}
    return {
        "hardwareProfile": {"vmSize": VM_SIZE},
        "provisioningState": condition.provisioning,
        "vmId": instance.vm_id,
        "virtualMachineScaleSet": {"id": scale_set.id},
        **fault_domain(scale_set, instance.place),
        "storageProfile": vm_storage(scale_set, instance, condition),
        "osProfile": names | without(profile["osProfile"], ["computerNamePrefix"]),
        "networkProfile": {"networkInterfaces": [{"id": interface_id(scale_set, instance)}]},
        **({"instanceView": vm_view(scale_set, instance, condition)} if view else {}),
        "timeCreated": instant(instance.deployments[0].start),
    }
