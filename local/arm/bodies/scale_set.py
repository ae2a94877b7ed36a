"""The body of a scale set."""

from datetime import datetime

from local.arm.base import Json, guid, instant, resource_id
from local.arm.model import VM_SIZE, ScaleSet


def set_body(scale_set: ScaleSet, now: datetime) -> Json:
    """As in the recorded exchange vmss-get-uniform; exactVersion never appears on a set."""
    spec = scale_set.spec
    computed = {
        "virtualMachineProfile": scale_set.model.profile,
        "provisioningState": scale_set.provisioning_state(now),
        "uniqueId": guid("unique", scale_set.id),
        "timeCreated": instant(scale_set.created),
    }
    return {
        "name": spec.name,
        "id": scale_set.id,
        "type": "Microsoft.Compute/virtualMachineScaleSets",
        "location": spec.location,
        "tags": scale_set.tags,
        "sku": {"name": VM_SIZE, "tier": "Standard", "capacity": len(scale_set.live)},
        "etag": quoted(scale_set.etag(now)),
        "properties": scale_set.properties | computed,
        **({"plan": spec.plan.model_dump()} if spec.plan else {}),
        **({"zones": list(spec.zones)} if spec.zones else {}),
    }


def listed_in_subscription(scale_set: ScaleSet, now: datetime) -> Json:
    """Recorded: the list of a subscription upper-cases the resource group in ids."""
    spec = scale_set.spec
    path = ("virtualMachineScaleSets", spec.name)
    upper = resource_id(spec.subscription, spec.resource_group.upper(), *path)
    return set_body(scale_set, now) | {"id": upper}


def quoted(etag: int) -> str:
    """ETags are quoted integers, in bodies and in headers alike."""
    return f'"{etag}"'
