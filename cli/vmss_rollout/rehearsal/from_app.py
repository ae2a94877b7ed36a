"""A copy of a scale set from what the app answers about it."""

from vmss_rollout.command_error import UsageError
from vmss_rollout.names import path_of
from vmss_rollout.rehearsal.copied import Copied, Machine, fault_domains, made
from vmss_rollout.session import Session
from vmss_rollout.values import Json, lines, part, text, words

_MANAGED_BY_EXTENSION = {"Azure Service Fabric": "ServiceFabricNode"}
_NOT_TOLD = (
    "The app does not tell the size of the OS disk, the security type and the Marketplace plan: "
    "that the image fits was checked by its plan, and is not rehearsed."
)


def copied_from_app(session: Session, arm_id: str) -> Copied:
    """One GET of the scale set."""
    subscription = arm_id.split("/")[2]
    view: Json = session.client.get(path_of(arm_id), subscription=subscription)
    if "instances" not in view:
        raise UsageError(
            "The app does not tell the instances of a scale set: it is older than this command.",
            "Give files instead: --show and --instances.",
        )
    image = part(view, "image")
    machines = [_machine(line) for line in lines(view, "instances")]
    copied = made(text(view, "id") or arm_id, _base(view), machines, "the app", image)
    copied.remarks.append(_NOT_TOLD)
    if "automaticRepairs" not in view:
        copied.remarks.append("The app does not tell whether automatic repairs are on: here not.")
    return copied


def _base(view: Json) -> Json:
    policy = part(view, "upgradePolicy")
    source = text(view, "healthSource")
    extension = _MANAGED_BY_EXTENSION.get(text(view, "managedBy"))
    return {
        "location": text(view, "location"),
        "zones": words(view, "zones"),
        "orchestrationMode": text(view, "orchestrationMode"),
        "upgradePolicy": text(policy, "mode").capitalize() or "Manual",
        "automaticOsUpgrade": bool(policy.get("automaticOsUpgrades")),
        "health": "none" if source == "powerState" else "application",
        "automaticRepairs": bool(view.get("automaticRepairs")),
        "tags": part(view, "tags"),
        "osDiskGb": None,
        "extensions": [extension] if extension else [],
        **fault_domains(view.get("platformFaultDomainCount")),
    }


def _machine(line: Json) -> Machine:
    return Machine(
        instance_id=text(line, "instanceId"),
        image=part(line, "image"),
        update_domain=line.get("updateDomain"),
        fault_domain=line.get("faultDomain"),
        zone=text(line, "zone"),
        placement_group=text(line, "placementGroupId"),
        health=text(line, "health") or "unknown",
        power=text(line, "powerState") or "unknown",
        provisioning=text(line, "provisioningState"),
        protected=bool(line.get("protectFromScaleSetActions")),
        latest_model=line.get("latestModelApplied") is not False,
        generation=text(line, "hyperVGeneration"),
    )
