"""The body of an instance's network interface: never recorded, and as azure-mgmt-network has it."""

from ipaddress import ip_address

from local.arm.base import Json, guid, resource_id
from local.arm.model import Instance, ScaleSet

_FIRST = ip_address("10.0.0.4")
"""The first four of a subnet are Azure's own."""


def private_address(instance: Instance) -> str:
    """By the number of the instance; it stays when that is upgraded."""
    return str(_FIRST + instance.number)


def interface_of_uniform(scale_set: ScaleSet, instance: Instance) -> Json:
    """An item of the list of a Uniform scale set: below its VM."""
    vm = f"{scale_set.id}/virtualMachines/{instance.instance_id}"
    name: str = _configured(scale_set)["name"]
    return _body(scale_set, instance, name, f"{vm}/networkInterfaces/{name}", vm)


def interface_of_flexible(scale_set: ScaleSet, instance: Instance) -> Json:
    """A resource of its own, beside the VM of a Flexible scale set."""
    spec = scale_set.spec
    vm = resource_id(
        spec.subscription, spec.resource_group, "virtualMachines", instance.instance_id
    )
    body = _body(
        scale_set, instance, interface_name(instance), interface_id(scale_set, instance), vm
    )
    return {
        **body,
        "type": "Microsoft.Network/networkInterfaces",
        "location": spec.location,
        "kind": "Regular",
    }


def interface_name(instance: Instance) -> str:
    return f"{instance.instance_id}Nic"


def interface_id(scale_set: ScaleSet, instance: Instance) -> str:
    """That of a Flexible scale set's VM."""
    spec = scale_set.spec
    path = ("networkInterfaces", interface_name(instance))
    made = resource_id(spec.subscription, spec.resource_group, *path)
    return made.replace("Microsoft.Compute", "Microsoft.Network")


def _configured(scale_set: ScaleSet) -> Json:
    network: Json = scale_set.model.profile["networkProfile"]
    return network["networkInterfaceConfigurations"][0]


def _body(scale_set: ScaleSet, instance: Instance, name: str, own_id: str, vm_id: str) -> Json:
    etag = f'W/"{guid("networkInterface", own_id)}"'
    configured: Json = _configured(scale_set)["properties"]["ipConfigurations"][0]
    return {
        "name": name,
        "id": own_id,
        "etag": etag,
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid("networkInterface", own_id),
            "ipConfigurations": [
                {
                    "name": configured["name"],
                    "id": f"{own_id}/ipConfigurations/{configured['name']}",
                    "etag": etag,
                    "properties": {
                        "provisioningState": "Succeeded",
                        "privateIPAddress": private_address(instance),
                        "privateIPAllocationMethod": "Dynamic",
                        "subnet": configured["properties"]["subnet"],
                        "primary": True,
                        "privateIPAddressVersion": "IPv4",
                    },
                }
            ],
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
            "primary": True,
            "virtualMachine": {"id": vm_id},
        },
    }
