"""The first model of a scale set: its virtualMachineProfile and its other properties."""

from datetime import datetime

from local.arm.base import Json, instant, merged, resource_id
from local.arm.model.spec import ScaleSetSpec

VM_SIZE = "Standard_DS1_v2"
# As in the recorded exchange reimage-ephemeral-list-before.
_EPHEMERAL: Json = {
    "diffDiskSettings": {"option": "Local", "placement": "CacheDisk"},
    "caching": "ReadOnly",
    "managedDisk": {"storageAccountType": "Standard_LRS"},
    "deleteOption": "Delete",
}
_OF_UNIFORM: Json = {"overprovision": True, "doNotRunExtensionsOnOverprovisionedVMs": False}
_OF_FLEXIBLE: Json = {"constrainedMaximumCapacity": False}
_HEALTH_EXTENSION = {
    "name": "HealthExtension",
    "properties": {
        "autoUpgradeMinorVersion": True,
        "publisher": "Microsoft.ManagedServices",
        "type": "ApplicationHealthLinux",
        "typeHandlerVersion": "2.0",
        "settings": {"protocol": "http", "port": 80, "requestPath": "/healthz"},
    },
}


def profile_of(spec: ScaleSetSpec, now: datetime) -> Json:
    """The virtualMachineProfile."""
    extensions = _extensions(spec)
    return {
        "osProfile": {
            "computerNamePrefix": spec.name[:9],
            "adminUsername": "azureuser",
            "linuxConfiguration": {
                "disablePasswordAuthentication": True,
                "provisionVMAgent": True,
            },
            "secrets": [],
            "allowExtensionOperations": True,
            "requireGuestProvisionSignal": True,
        },
        "storageProfile": merged(_storage(spec), spec.full_image.storage()),
        "networkProfile": {"networkInterfaceConfigurations": [_network(spec)]},
        **_security(spec),
        **({"extensionProfile": {"extensions": extensions}} if extensions else {}),
        "timeCreated": instant(now),
    }


def properties_of(spec: ScaleSetSpec) -> Json:
    """The properties beside virtualMachineProfile that a caller may change."""
    mode = spec.upgrade_policy or (None if spec.is_flexible else "Manual")
    repairs = {"enabled": True, "gracePeriod": "PT10M", "repairAction": "Replace"}
    return {
        "singlePlacementGroup": (
            not spec.is_flexible and spec.capacity <= spec.placement_group_size
        ),
        "orchestrationMode": spec.orchestration_mode,
        **({"upgradePolicy": _upgrade_policy(spec, mode)} if mode else {}),
        **(_OF_FLEXIBLE if spec.is_flexible else _OF_UNIFORM),
        "platformFaultDomainCount": spec.fault_domain_count,
        **({"automaticRepairsPolicy": repairs} if spec.automatic_repairs else {}),
    }


def _extensions(spec: ScaleSetSpec) -> list[Json]:
    others = [{"name": kind, "properties": {"type": kind}} for kind in spec.extensions]
    return [_HEALTH_EXTENSION, *others] if spec.health == "application" else others


def _upgrade_policy(spec: ScaleSetSpec, mode: str) -> Json:
    if not spec.automatic_os_upgrade:
        return {"mode": mode}
    automatic = {
        "enableAutomaticOSUpgrade": True,
        "disableAutomaticRollback": False,
        "useRollingUpgradePolicy": False,
    }
    return {"mode": mode, "automaticOSUpgradePolicy": automatic}


def _security(spec: ScaleSetSpec) -> Json:
    if spec.security_type is None:
        return {}
    uefi = {"uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}
    secured = {} if spec.security_type == "Standard" else uefi
    return {"securityProfile": {"securityType": spec.security_type, **secured}}


def _storage(spec: ScaleSetSpec) -> Json:
    disk: Json = {"osType": spec.os_type, "createOption": "FromImage", "caching": "ReadWrite"}
    size: Json = {"diskSizeGB": spec.os_disk_gb} if spec.os_disk_gb else {}
    disk |= {"deleteOption": "Delete"} if spec.is_flexible else {}
    if spec.image.uri:
        return {"osDisk": disk | {"name": "osDisk"}}
    if spec.os_disk == "ephemeral":
        return {"osDisk": disk | _EPHEMERAL | size}
    managed = {"managedDisk": {"storageAccountType": "Premium_LRS"}}
    return {"osDisk": disk | managed | size}


def _network(spec: ScaleSetSpec) -> Json:
    def network_id(*path: str) -> str:
        compute = resource_id(spec.subscription, spec.resource_group, *path)
        return compute.replace("Microsoft.Compute", "Microsoft.Network")

    vnet = network_id("virtualNetworks", f"{spec.name}VNET", "subnets", f"{spec.name}Subnet")
    balancer = network_id("loadBalancers", f"{spec.name}LB")
    pool = {"id": f"{balancer}/backendAddressPools/{spec.name}LBBEPool"}
    configuration = {
        "subnet": {"id": vnet},
        "privateIPAddressVersion": "IPv4",
        "loadBalancerBackendAddressPools": [pool],
    }
    return {
        "name": f"{spec.name}Nic",
        "properties": {
            "primary": True,
            "disableTcpStateTracking": False,
            "dnsSettings": {"dnsServers": []},
            "enableIPForwarding": False,
            "ipConfigurations": [{"name": f"{spec.name}IPConfig", "properties": configuration}],
        },
    }
