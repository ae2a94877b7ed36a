"""A copy of a scale set from files that Azure's command line has written: offline."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vmss_rollout.command_error import UsageError
from vmss_rollout.names import grouped, name_of
from vmss_rollout.rehearsal import az
from vmss_rollout.rehearsal.copied import Copied, Machine, fault_domains, made
from vmss_rollout.values import Json, counted, fields, harmless

SHOW = "vmss show"
LIST = "vmss list-instances --expand instanceView"
VIEWS = "vmss get-instance-view --instance-id '*'"
_KIND = "/providers/microsoft.compute/virtualmachinescalesets/"
_NOT_LOOKED_UP = (
    "Offline nobody can tell whether the new image exists, is replicated to the region, and fits "
    "the machines: in the copy it does."
)


@dataclass(frozen=True)
class Files:
    """What az has written: the scale set, its instances, and their views if they are apart."""

    show: Path
    instances: Path
    views: Path | None = None


def copied_from_files(files: Files, name: str) -> Copied:
    """The copy; `name` is what was typed, and must be this scale set."""
    body = _scale_set(files.show)
    arm_id = az.word(body, "id")
    if name.casefold() not in {
        name_of(arm_id).casefold(),
        grouped(arm_id).casefold(),
        arm_id.casefold(),
    }:
        raise UsageError(
            f"{files.show} has scale set {grouped(arm_id)} in it, not {name}.", "Which of them?"
        )
    flexible = az.word(body, "orchestrationMode").casefold() == "flexible"
    rows = _rows(files, arm_id)
    _refuse_without_places(files, rows, flexible=flexible)
    reports = _reports_health(body)
    machines = [_machine(row, reports=reports) for row in rows]
    copied = made(
        arm_id, _base(body, reports=reports), machines, "files of az", _image(_profile(body))
    )
    copied.remarks.extend([*_remarks(body, files, machines), _NOT_LOOKED_UP])
    return copied


def _scale_set(file: Path) -> Json:
    body = az.read(file, SHOW)
    if isinstance(body, list):
        raise az.wrong(file, SHOW, "it is a list")
    id_ = az.word(body, "id")
    if _KIND not in id_.casefold() or id_.count("/") != 8:  # noqa: PLR2004 - as every ARM id of one
        what = f"it is about {id_}" if id_ else "there is no id of a scale set in it"
        raise az.wrong(file, SHOW, harmless(what))
    if not _profile(body):
        raise az.wrong(file, SHOW, "there is no virtualMachineProfile in it")
    return fields(body)


def _rows(files: Files, arm_id: str) -> list[Json]:
    body = az.read(files.instances, LIST)
    found = az.dig(body, "value") or body
    rows = az.listed(found)
    if not isinstance(found, list):
        raise az.wrong(files.instances, LIST, "it is no list")
    for row in rows:
        _refuse_stranger(files.instances, row, arm_id)
    ids = [_id(row).casefold() for row in rows]
    if len(set(ids)) < len(ids):
        raise az.wrong(files.instances, LIST, "an instance is in it twice")
    return _with_views(files, rows) if files.views else rows


def _refuse_stranger(file: Path, row: Json, arm_id: str) -> None:
    id_ = az.word(row, "id")
    if not _id(row) or "/virtualmachines/" not in id_.casefold():
        raise az.wrong(file, LIST, "there is something without an instanceId in it")
    owner = az.word(row, "virtualMachineScaleSet", "id") or id_
    if not owner.casefold().startswith(arm_id.casefold()):
        raise UsageError(
            f"{file} has instances of another scale set in it: {harmless(grouped(owner))}, not "
            f"{grouped(arm_id)}.",
            "Read both from the same one.",
        )


def _with_views(files: Files, rows: list[Json]) -> list[Json]:
    """With the views of the other file. az prints them without ids, in the order of the list."""
    assert files.views is not None  # noqa: S101 - who calls has looked
    views = az.listed(az.read(files.views, VIEWS))
    if len(views) != len(rows):
        why = f"it has {counted(len(views), 'view')}, for {counted(len(rows), 'instance')}"
        raise az.wrong(files.views, VIEWS, why)
    return [{**row, "instanceView": view} for row, view in zip(rows, views, strict=True)]


def _refuse_without_places(files: Files, rows: list[Json], *, flexible: bool) -> None:
    if rows and not any(fields(az.dig(row, "instanceView")) for row in rows):
        if flexible:
            raise UsageError(
                f"{files.instances} tells nothing of the instances but their names: of a Flexible "
                "scale set, az prints no more.",
                "Let the app read it: leave --show and --instances out.",
            )
        raise UsageError(
            f"{files.instances} does not tell how the instances are, and in which update domains.",
            f"Write it with their views: az {LIST} -g GROUP -n NAME -o json > "
            f"{files.instances.name}",
        )


def _profile(body: object) -> Json:
    return fields(az.dig(body, "virtualMachineProfile"))


def _base(body: Json, *, reports: bool) -> Json:
    disk = az.dig(_profile(body), "storageProfile", "osDisk")
    size = az.dig(disk, "diskSizeGB")
    policy = ("upgradePolicy", "automaticOSUpgradePolicy", "enableAutomaticOSUpgrade")
    plan = fields(az.dig(body, "plan"))
    names = ("publisher", "product", "name")
    return {
        "location": az.word(body, "location"),
        "zones": az.texts(body, "zones"),
        "orchestrationMode": az.word(body, "orchestrationMode").capitalize() or "Uniform",
        "upgradePolicy": az.word(body, "upgradePolicy", "mode").capitalize() or "Manual",
        "automaticOsUpgrade": bool(az.dig(body, *policy)),
        "health": "application" if reports else "none",
        "automaticRepairs": bool(az.dig(body, "automaticRepairsPolicy", "enabled")),
        "tags": {name: str(value) for name, value in fields(az.dig(body, "tags")).items()},
        "osType": az.word(disk, "osType").capitalize() or "Linux",
        "osDiskGb": size if isinstance(size, int) else None,
        "securityType": az.dig(_profile(body), "securityProfile", "securityType"),
        "plan": {name: str(plan.get(name) or "") for name in names} if plan else None,
        "extensions": [kind for kind in _extensions(body) if not _is_health(kind)],
        **fault_domains(az.dig(body, "platformFaultDomainCount")),
    }


def _extensions(body: Json) -> Iterator[str]:
    """Their types. az calls that typePropertiesType: a resource has a type of its own."""
    for extension in az.listed(_profile(body), "extensionProfile", "extensions"):
        inner = az.word(extension.get("properties"), "type")
        if kind := az.word(extension, "typePropertiesType") or inner or az.word(extension, "type"):
            yield kind


def _is_health(kind: str) -> bool:
    return kind.casefold().startswith("applicationhealth")


def _reports_health(body: Json) -> bool:
    probe = az.dig(_profile(body), "networkProfile", "healthProbe")
    external = az.dig(body, "externalHealthPolicy", "enabled")
    return bool(probe or external) or any(map(_is_health, _extensions(body)))


def _image(profile: Json) -> Json:
    """The image of a model or an instance, as the API names it; its real version comes first."""
    storage = az.dig(profile, "storageProfile")
    found = fields(az.dig(storage, "imageReference"))
    exact = az.word(found, "exactVersion")
    for name in ("id", "sharedGalleryImageId", "communityGalleryImageId"):
        if id_ := az.word(found, name):
            open_ = "/images/" in id_.casefold() and "galleries/" in id_.casefold()
            pinned = open_ and exact and "/versions/" not in id_.casefold()
            return {"id": f"{id_}/versions/{exact}" if pinned else id_}
    if az.word(found, "publisher"):
        names = ("publisher", "offer", "sku")
        return {
            **{name: az.word(found, name) for name in names},
            "version": exact or az.word(found, "version"),
        }
    uri = az.word(storage, "osDisk", "image", "uri")
    return {"uri": uri} if uri else {}


def _id(row: Json) -> str:
    return az.word(row, "instanceId") or az.word(row, "name")


def _machine(row: Json, *, reports: bool) -> Machine:
    view = az.dig(row, "instanceView")
    codes = [az.word(status, "code") for status in az.listed(view, "statuses")]
    power = next((code for code in codes if code.startswith("PowerState/")), "")
    health = az.word(view, "vmHealth", "status", "code").rpartition("/")[2].casefold()
    zones = az.texts(row, "zones")
    return Machine(
        instance_id=_id(row),
        image=_image(row),
        update_domain=az.dig(view, "platformUpdateDomain"),
        fault_domain=az.dig(view, "platformFaultDomain"),
        zone=zones[0] if zones else "",
        placement_group=az.word(view, "placementGroupId"),
        health=(health or "unknown") if reports else "healthy",
        power=power.rpartition("/")[2].casefold() or "unknown",
        provisioning=az.word(row, "provisioningState"),
        protected=bool(az.dig(row, "protectionPolicy", "protectFromScaleSetActions")),
        latest_model=az.dig(row, "latestModelApplied") is not False,
        generation=az.word(view, "hyperVGeneration"),
    )


def _remarks(body: Json, files: Files, machines: list[Machine]) -> Iterator[str]:
    capacity = az.dig(body, "sku", "capacity")
    if isinstance(capacity, int) and capacity != len(machines):
        yield (
            f"{files.show.name} says {counted(capacity, 'instance')}, and "
            f"{files.instances.name} has {len(machines)}: these are in the copy."
        )
    state = az.word(body, "provisioningState").casefold()
    if state not in {"", "succeeded"}:
        yield f"The scale set is {state} now: the app may refuse it until that has ended."
    if az.dig(_profile(body), "networkProfile", "healthProbe"):
        yield (
            "Health comes from a load balancer's probe; in the copy from an extension. The app "
            "reads both in the same place."
        )
