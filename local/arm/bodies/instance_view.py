"""Instance views: of one VM, and of a scale set."""

from collections import Counter
from datetime import datetime

from local.arm.base import Json, instant
from local.arm.bodies.status import health_status, power_status, provisioning_status, status
from local.arm.model import (
    Condition,
    Faults,
    Health,
    Instance,
    Place,
    Power,
    Provisioning,
    ScaleSet,
)


def vm_view(scale_set: ScaleSet, instance: Instance, condition: Condition) -> Json:
    """The instanceView of a VM. Agent and OS are reported while it runs, and also when it
    has been stopped (recorded), but not when it is deallocated.
    """
    stopped = condition.is_off and condition.power == Power.STOPPED
    settled = condition.provisioning != Provisioning.UPDATING
    reports = settled and (condition.power == Power.RUNNING or stopped)
    return {
        **_position(scale_set, instance.place),
        **(_guest(scale_set, instance, condition) if reports else {}),
        "disks": [_disk(instance, condition)],
        **_health(scale_set, condition),
        "hyperVGeneration": scale_set.spec.hyper_v_generation,
        "statuses": [
            provisioning_status(condition.provisioning, condition.since),
            power_status(condition.power),
        ],
    }


def fault_domain(scale_set: ScaleSet, place: Place) -> Json:
    """The most that the VM of a Flexible set shows of its place (one recording)."""
    shown = scale_set.spec.show_fault_domains
    return {"platformFaultDomain": place.fault_domain} if shown else {}


def _position(scale_set: ScaleSet, place: Place) -> Json:
    if scale_set.spec.is_flexible:
        return fault_domain(scale_set, place)
    return {
        "placementGroupId": place.placement_group,
        "platformUpdateDomain": place.update_domain,
        "platformFaultDomain": place.fault_domain,
    }


def set_view(scale_set: ScaleSet, faults: Faults, now: datetime) -> Json:
    """The instanceView of a scale set: counts, nothing about power or versions."""
    states = (
        provisioning_status(instance.condition(now, faults).provisioning, now)["code"]
        for instance in scale_set.live
    )
    summary = [{"code": code, "count": count} for code, count in sorted(Counter(states).items())]
    service = {"serviceName": "AutomaticRepairs", "serviceState": scale_set.repairs}
    own = provisioning_status(scale_set.provisioning_state(now), scale_set.provisioned_at(now))
    return {
        "virtualMachine": {"statusesSummary": summary},
        **({"orchestrationServices": [service]} if scale_set.repairs_enabled else {}),
        "statuses": [own],
    }


def computer_name(scale_set: ScaleSet, instance: Instance) -> str:
    """The prefix of the model and the id in base 36, six digits long."""
    prefix: str = scale_set.model.profile["osProfile"]["computerNamePrefix"]
    return prefix + _base36(instance.number).rjust(6, "0")


def disk_name(instance: Instance, condition: Condition) -> str:
    """A new disk for each deployment; instance id, name and vmId stay."""
    name = instance.scale_set_id.rsplit("/", 1)[-1]
    number = instance.deployments.index(condition.deployed) + 1
    tail = instance.vm_id.replace("-", "")
    if not instance.instance_id.isdecimal():
        return f"{instance.instance_id}_OsDisk_{number}_{tail}"
    return f"{name}_{name}_{instance.instance_id}_OsDisk_{number}_{tail}"


def _guest(scale_set: ScaleSet, instance: Instance, condition: Condition) -> Json:
    """Recorded osVersions are the first two numbers of Ubuntu's image versions."""
    version = condition.deployed.image.version or ""
    return {
        "computerName": computer_name(scale_set, instance),
        "osName": "ubuntu",
        "osVersion": ".".join(version.split(".")[:2]),
        "vmAgent": _agent(condition),
    }


def _agent(condition: Condition) -> Json:
    """The guest agent; it answers while the VM is healthy. Its last report stays when the VM is
    stopped (recorded).
    """
    if condition.health == Health.HEALTHY or condition.is_off:
        ready = status("ProvisioningState/succeeded", "Ready")
        agent = ready | {"message": "Guest Agent is running"}
    else:
        not_ready = status("ProvisioningState/Unavailable", "Not Ready", "Warning")
        agent = not_ready | {"message": "VM status blob is found but not yet populated."}
    agent["time"] = instant(condition.since)
    return {"vmAgentVersion": "2.11.1.4", "statuses": [agent], "extensionHandlers": []}


def _disk(instance: Instance, condition: Condition) -> Json:
    created = provisioning_status("Succeeded", condition.deployed.end)
    return {"name": disk_name(instance, condition), "statuses": [created]}


def _health(scale_set: ScaleSet, condition: Condition) -> Json:
    """NOT VERIFIED for a VM that is switched off: here it reports nothing."""
    if scale_set.spec.health == "none" or condition.is_off:
        return {}
    return {"vmHealth": health_status(condition.health, condition.since)}


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    head, tail = divmod(number, len(digits))
    return (_base36(head) + digits[tail]) if head else digits[tail]
