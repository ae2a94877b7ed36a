"""What callers of ARM can do to a scale set; each call returns the operation it started."""

from datetime import datetime, timedelta

from local.arm.base import (
    ArmError,
    Json,
    dig,
    invalid_parameter,
    not_for_flexible,
    protected_instances,
)
from local.arm.model.azure import Azure
from local.arm.model.instance import Instance
from local.arm.model.model_change import apply, changed_model
from local.arm.model.operation import Operation
from local.arm.model.scale_set import ScaleSet
from local.arm.model.scaling import scale_to
from local.arm.model.upgrade import ending, upgrade, upgrade_by_itself

_VM_WRITE = timedelta(seconds=0.3)  # recorded: 0.1 to 0.5 s when only the protection changes
_ALL = "*"


def change_scale_set(azure: Azure, scale_set: ScaleSet, body: Json, now: datetime) -> Operation:
    """PATCH or PUT of the set. Raises ArmError when Azure would refuse it."""
    scale_set.refuse_conflict(None, now)
    model = changed_model(scale_set, body, azure.images, now)
    moved = model is not scale_set.model
    apply(scale_set, body, model, now)
    if moved and scale_set.mode != "Manual":
        what = f"model changed under upgrade policy {scale_set.mode}"
        scale_set.record(now, what, "Azure takes instances down by itself then")
    done = upgrade_by_itself(scale_set, now, azure.faults) if moved else []
    ends = [now + scale_set.spec.model_update_duration, *(deployment.end for deployment in done)]
    if isinstance(capacity := dig(body, "sku", "capacity"), int):
        ends.append(scale_to(scale_set, capacity, azure.images, now))
    failed = _failed(scale_set.live) if done else ()
    return azure.begin(scale_set, (now, max(ends)), failed_ids=failed)


def manual_upgrade(
    azure: Azure, scale_set: ScaleSet, instance_ids: list[str], now: datetime
) -> Operation:
    """Bring instances to the current model. Raises ArmError when Azure would refuse it.

    Nobody has recorded what Azure does with an empty list: here it upgrades the whole scale set,
    which is the worst case.
    """
    if scale_set.spec.is_flexible and scale_set.spec.flexible_upgrade == "refuse":
        raise not_for_flexible("manualupgrade")
    chosen = _chosen(scale_set, instance_ids, now)
    ids = frozenset(instance.instance_id for instance in chosen)
    scale_set.refuse_conflict(ids, now)
    done = upgrade(scale_set, chosen, now, azure.faults)
    end = ending(done, now)
    scale_set.writes += [now, end]
    return azure.begin(scale_set, (now, end), instance_ids=ids, failed_ids=_failed(chosen))


def protect_instance(
    azure: Azure, scale_set: ScaleSet, instance: Instance, policy: Json, now: datetime
) -> Operation:
    """PUT of a VM with a protectionPolicy. Raises ArmError when it contradicts itself."""
    ids = frozenset({instance.instance_id})
    scale_set.refuse_conflict(ids, now)
    actions = bool(policy.get("protectFromScaleSetActions"))
    if actions and policy.get("protectFromScaleIn") is False:
        message = "protectFromScaleSetActions implies protectFromScaleIn."
        raise invalid_parameter(message, "protectionPolicy")
    instance.protected_from_actions = actions
    instance.protected_from_scale_in = actions or bool(policy.get("protectFromScaleIn"))
    instance.puts.append(now)
    return azure.begin(scale_set, (now, now + _VM_WRITE), instance_ids=ids, is_of_vm=True)


def set_repairs(azure: Azure, scale_set: ScaleSet, body: Json, now: datetime) -> Operation:
    """Suspend or resume automatic instance repairs. Raises ArmError when they are not enabled."""
    state = {"Suspend": "Suspended", "Resume": "Running"}.get(body.get("action", ""))
    if body.get("serviceName") != "AutomaticRepairs" or state is None:
        message = "The service must be AutomaticRepairs, the action Suspend or Resume."
        raise invalid_parameter(message, "action")
    if not scale_set.repairs_enabled:
        message = f"Automatic repairs are not enabled on scale set '{scale_set.spec.name}'."
        raise ArmError(409, "OperationNotAllowed", message)
    scale_set.repairs = "Suspended" if state == "Suspended" else "Running"
    duration = scale_set.spec.repairs_duration
    if duration:
        scale_set.writes.append(now)
    return azure.begin(scale_set, (now, now + duration))


def _chosen(scale_set: ScaleSet, instance_ids: list[str], now: datetime) -> list[Instance]:
    if not instance_ids or _ALL in instance_ids:
        what = "fleet-wide call" if instance_ids else "empty list sent"
        scale_set.record(now, what, f"manualupgrade with instanceIds {instance_ids}")
        return [instance for instance in scale_set.live if not instance.protected_from_actions]
    named = scale_set.named(instance_ids)
    protected = [instance.instance_id for instance in named if instance.protected_from_actions]
    if protected:
        scale_set.record(now, "protected instance named", f"instances {', '.join(protected)}")
        if scale_set.spec.protected_named == "refuse":
            raise protected_instances(protected)
    return [instance for instance in named if not instance.protected_from_actions]


def _failed(instances: list[Instance]) -> tuple[str, ...]:
    return tuple(instance.instance_id for instance in instances if instance.latest.fails)
