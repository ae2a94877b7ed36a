"""A copy of a scale set, as the simulated Azure is told of one, and what it does not have."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from vmss_rollout.plan import ranges
from vmss_rollout.values import Json, text

_SETTLED = {"", "succeeded", "failed"}
_STUCK = {"creating": "Creating", "updating": "Updating", "deleting": "Deleting"}
_POWER = {"running", "stopped", "deallocated"}
_NEAREST_POWER = {"stopping": "stopped", "deallocating": "deallocated"}
_GALLERIES = {
    "/sharedgalleries/": "sharedGalleryImageId",
    "/communitygalleries/": "communityGalleryImageId",
}
_VERSION = re.compile(r"(/versions/)[^/]+$", re.IGNORECASE)


@dataclass(frozen=True)
class Machine:
    """An instance as it was read."""

    instance_id: str
    image: Json
    update_domain: object = None
    fault_domain: object = None
    zone: str = ""
    placement_group: str = ""
    health: str = "unknown"
    power: str = "running"
    provisioning: str = "Succeeded"
    protected: bool = False
    latest_model: bool = True
    generation: str = ""

    @property
    def stuck(self) -> str:
        """The state in which it is now, if something is being done to it."""
        return _STUCK.get(self.provisioning.casefold(), "")

    @property
    def spec(self) -> Json:
        """As the simulated Azure takes it."""
        power = _NEAREST_POWER.get(self.power, self.power)
        known = {
            "instanceId": self.instance_id,
            "updateDomain": self.update_domain,
            "faultDomain": self.fault_domain or 0,
            "zone": self.zone or None,
            "placementGroup": self.placement_group or None,
            "image": reference(self.image) or None,
            "health": self.health,
            "power": power if power in _POWER else "running",
            "failed": self.provisioning.casefold() == "failed",
            "protected": self.protected,
            "latestModel": self.latest_model,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class Copied:
    """The copy; `origin` is who read it, `remarks` what could not be copied."""

    arm_id: str
    spec: Json
    machines: list[Machine]
    origin: str
    image: Json
    """That of the model, as the API names images."""
    remarks: list[str] = field(default_factory=list[str])

    @property
    def ids(self) -> list[str]:
        return [machine.instance_id for machine in self.machines]

    @property
    def faults(self) -> list[Json]:
        """What holds instances in the state that they are in now."""
        stuck: dict[str, list[str]] = defaultdict(list)
        for machine in self.machines:
            if machine.stuck:
                stuck[machine.stuck].append(machine.instance_id)
        return [
            {"fault": {"kind": "instanceStuck", "state": state, "instanceIds": ids}}
            for state, ids in stuck.items()
        ]


def made(arm_id: str, base: Json, machines: list[Machine], origin: str, image: Json) -> Copied:
    """The copy of a scale set with these instances; `base` is what the source says of the set."""
    parts = arm_id.split("/")
    spec = {
        "subscription": parts[2],
        "resourceGroup": parts[4],
        "name": parts[8],
        "capacity": len(machines),
        "instances": [machine.spec for machine in machines],
        **_counted("updateDomains", [machine.update_domain for machine in machines]),
        **base,
    }
    generations = {machine.generation for machine in machines} & {"V1", "V2"}
    if len(generations) == 1:
        spec["hyperVGeneration"] = generations.pop()
    if image:
        spec["image"] = reference(image)
    return Copied(arm_id, spec, machines, origin, image, list(_remarks(machines)))


def reference(image: Json) -> Json:
    """An image, as the simulated Azure names one."""
    id_ = text(image, "id")
    for beginning, name in _GALLERIES.items():
        if id_.casefold().startswith(beginning):
            return {name: id_}
    names = ("publisher", "offer", "sku", "version", "id", "uri")
    return {name: text(image, name) for name in names if text(image, name)}


def fault_domains(count: object) -> Json:
    return {"faultDomains": count} if isinstance(count, int) and count > 0 else {}


def version_of(image: Json, version: str) -> Json:
    """That version of the image, as the API names images."""
    id_ = text(image, "id")
    if not id_:
        return {**image, "version": version}
    found = _VERSION.sub(rf"\g<1>{version}", id_)
    return {"id": found if _VERSION.search(id_) else f"{id_}/versions/{version}"}


def _counted(name: str, domains: list[object]) -> Json:
    numbers = [number for number in domains if isinstance(number, int)]
    return {name: max(numbers) + 1} if numbers else {}


def _remarks(machines: list[Machine]) -> Iterator[str]:
    moving = [machine.instance_id for machine in machines if machine.stuck]
    if moving:
        what = "being created, updated or deleted now; in the copy that never ends"
        yield f"Instance{'s' if len(moving) > 1 else ''} {ranges(moving)}: {what}."
    for machine in machines:
        if machine.power not in _POWER or not (machine.stuck or _settled(machine)):
            now = f"{machine.power} ({machine.provisioning or 'no state'})"
            yield f"Instance {machine.instance_id}: {now}; in the copy {machine.spec['power']}."


def _settled(machine: Machine) -> bool:
    return machine.provisioning.casefold() in _SETTLED
