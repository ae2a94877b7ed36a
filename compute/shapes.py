"""Azure's JSON bodies, read into the core's values. Shapes as in recorded exchanges, 2024-07-01."""

import hashlib
import json

from compute.images import image_of, plan_of
from compute.json_body import Body, dig, dig_list
from rollout.base import sentence
from rollout.batch import Operation, OperationState
from rollout.inventory import (
    HealthSource,
    Image,
    Instance,
    Machine,
    ScaleSet,
    ScaleSetId,
    health_of,
    manager_of,
    power_state_of,
)


def scale_set_of(scale_set_id: ScaleSetId, body: Body) -> ScaleSet:
    """The facts about a scale set that decisions need."""
    properties: Body = body["properties"]
    profile: Body = properties.get("virtualMachineProfile") or {}
    return ScaleSet(
        id=scale_set_id,
        location=body["location"],
        etag=body.get("etag") or "",
        # A Flexible set created without a mode has no upgradePolicy (seen in recordings).
        upgrade_policy=dig(properties, "upgradePolicy", "mode") or "Manual",
        orchestration_mode=properties.get("orchestrationMode") or "Uniform",
        provisioning_state=properties.get("provisioningState") or "",
        image=image_of(profile.get("storageProfile")),
        fingerprint=_fingerprint(profile),
        reports_health=_reports_health(properties),
        automatic_os_upgrades=bool(dig(properties, *_AUTOMATIC_OS_UPGRADES)),
        managed_by=manager_of(dig(body, "tags") or {}, _extension_types(profile)),
        machine=_machine(body, profile),
        repairs=bool(dig(properties, "automaticRepairsPolicy", "enabled")),
    )


_AUTOMATIC_OS_UPGRADES = ("upgradePolicy", "automaticOSUpgradePolicy", "enableAutomaticOSUpgrade")


def _fingerprint(profile: Body) -> str:
    """The same text for the same model. `timeCreated` is left out: every write renews it, even one
    that changes nothing (recorded: vmss-put-uniform-model-update).
    """
    content = {name: value for name, value in profile.items() if name != "timeCreated"}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _machine(body: Body, profile: Body) -> Machine:
    disk: Body = dig(profile, "storageProfile", "osDisk") or {}
    return Machine(
        os_type=disk.get("osType"),
        os_disk_gb=disk.get("diskSizeGB"),
        security_type=dig(profile, "securityProfile", "securityType"),
        plan=plan_of(dig(body, "plan")),
        os_profile=bool(profile.get("osProfile")),
    )


def _reports_health(properties: Body) -> bool:
    """Whether the model has a load balancer probe or the Application Health extension, or health is
    reported from outside (externalHealthPolicy).
    """
    profile: Body = properties.get("virtualMachineProfile") or {}
    external = dig(properties, "externalHealthPolicy", "enabled")
    types = _extension_types(profile)
    probe = dig(profile, "networkProfile", "healthProbe")
    return bool(probe or external) or any(kind.startswith("ApplicationHealth") for kind in types)


def _extension_types(profile: Body) -> list[str]:
    extensions = dig_list(profile, "extensionProfile", "extensions")
    return [dig(extension, "properties", "type") or "" for extension in extensions]


def instance_of(body: Body, source: HealthSource) -> Instance:
    """One instance, read from an item of the list with `$expand=instanceView`."""
    properties: Body = body.get("properties") or {}
    view: Body = properties.get("instanceView") or {}
    provisioning = properties.get("provisioningState") or ""
    zones = [zone for zone in dig_list(body, "zones") if zone]
    power_state = _power(view)
    health = health_of(
        source,
        vm_health=dig(view, "vmHealth", "status", "code"),
        power_state=power_state,
        provisioning=provisioning,
    )
    return Instance.model_construct(
        instance_id=str(body["instanceId"]),
        update_domain=view.get("platformUpdateDomain"),
        fault_domain=view.get("platformFaultDomain"),
        zone=zones[0] if zones else None,
        placement_group_id=view.get("placementGroupId"),
        image=image_of(properties.get("storageProfile")) or Image(),
        provisioning_state=provisioning,
        health=health,
        power_state=power_state_of(power_state),
        protect_from_scale_set_actions=bool(
            dig(properties, "protectionPolicy", "protectFromScaleSetActions")
        ),
        latest_model_applied=properties.get("latestModelApplied"),
        hyper_v_generation=view.get("hyperVGeneration"),
        computer_name=dig(properties, "osProfile", "computerName"),
    )


def _power(view: Body) -> str | None:
    codes = [status.get("code") or "" for status in dig_list(view, "statuses")]
    return next((code for code in codes if code.startswith("PowerState/")), None)


_INTERRUPTED = {"OperationPreempted", "OperationCanceled", "Canceled"}


def operation_of(body: Body) -> Operation:
    """A long-running operation; its error comes with HTTP 200 (recorded: op-failed)."""
    status = body.get("status")
    if status == "Succeeded":
        return Operation(state=OperationState.SUCCEEDED)
    if status in {"Failed", "Canceled"}:
        error: Body = body.get("error") or {}
        message = sentence(error.get("message") or "Azure gave no reason")
        code = error.get("code") or status
        interrupted = "Canceled" in {status, code} or code in _INTERRUPTED
        return Operation(
            state=OperationState.FAILED, error=f"{code}: {message}", interrupted=interrupted
        )
    return Operation(state=OperationState.RUNNING)
