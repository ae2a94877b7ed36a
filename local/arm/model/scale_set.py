"""A scale set: its models, its instances, its operations."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from local.arm.base import FOREVER, Json, conflict, dig, inactive_instance, merged
from local.arm.images import Image, ImageReference
from local.arm.model.deployment import Deployment
from local.arm.model.instance import Instance
from local.arm.model.operation import Operation
from local.arm.model.place import place_of
from local.arm.model.spec import ScaleSetSpec
from local.arm.model.violation import Violation


@dataclass(frozen=True)
class Model:
    """One version of the virtualMachineProfile, and the image it meant when it was written."""

    number: int
    profile: Json
    image: Image


@dataclass
class ScaleSet:
    spec: ScaleSetSpec
    created: datetime
    model: Model
    properties: Json
    """All properties but virtualMachineProfile and those that are computed."""
    tags: dict[str, str]
    instances: dict[str, Instance] = field(default_factory=dict[str, Instance])
    """All that ever existed, by id in lower case, in the order of creation."""
    operations: list[Operation] = field(default_factory=list[Operation])
    writes: list[datetime] = field(default_factory=list[datetime])
    """When its ETag moved; some may lie in the future."""
    violations: list[Violation] = field(default_factory=list[Violation])
    """Calls that were made and must never be made."""
    repairs: Literal["Running", "Suspended"] = "Running"
    rolling_upgrade: list[Deployment] = field(default_factory=list[Deployment])
    """What Azure's own latest rolling upgrade does; empty when there never was one."""

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def mode(self) -> str:
        """Its upgrade policy: Manual, Automatic or Rolling. A Flexible set may have none."""
        return dig(self.properties, "upgradePolicy", "mode") or "Manual"

    @property
    def repairs_enabled(self) -> bool:
        return bool(dig(self.properties, "automaticRepairsPolicy", "enabled"))

    @property
    def live(self) -> list[Instance]:
        """The instances that exist now, in the order of creation."""
        return [instance for instance in self.instances.values() if instance.gone_at == FOREVER]

    @property
    def membership(self) -> int:
        """Changes whenever an instance comes or goes."""
        return 2 * len(self.instances) - len(self.live)

    def instance(self, instance_id: str) -> Instance | None:
        """By its id, in any case: that of a Flexible set's VM is the name of a resource."""
        found = self.instances.get(instance_id.lower())
        return found if found and found.gone_at == FOREVER else None

    def named(self, instance_ids: list[str]) -> list[Instance]:
        """These instances. Raises ArmError for the first that does not exist."""
        found: list[Instance] = []
        for instance_id in dict.fromkeys(instance_ids):
            instance = self.instance(instance_id)
            if instance is None:
                raise inactive_instance(instance_id)
            found.append(instance)
        return found

    def etag(self, now: datetime) -> int:
        """Moves with each write, and at both ends of a manualupgrade (recorded: 4 to 6)."""
        return 1 + sum(moment <= now for moment in self.writes)

    def provisioning_state(self, now: datetime) -> str:
        own = [operation for operation in self.operations if not operation.is_of_vm]
        if any(operation.runs(now) for operation in own):
            return "Updating"
        last = max(own, key=lambda operation: operation.end, default=None)
        return "Failed" if last and last.failed_ids else "Succeeded"

    def provisioned_at(self, now: datetime) -> datetime:
        """When its last operation ended."""
        return max(
            (operation.end for operation in self.operations if operation.end <= now),
            default=self.created,
        )

    def refuse_conflict(self, instance_ids: frozenset[str] | None, now: datetime) -> None:
        """Raises ArmError when another operation runs on these instances (None: on the set)."""
        if any(
            operation.runs(now) and operation.excludes(instance_ids)
            for operation in self.operations
        ):
            raise conflict()

    def has_latest_model(self, instance: Instance, deployed: Deployment) -> bool:
        return deployed.model == self.model.number and not instance.latest.fails

    def storage_with(self, image: ImageReference) -> Json:
        """The storageProfile if its image were that one."""
        return merged(self.model.profile["storageProfile"], image.storage())

    def add_instances(self, created: list[Deployment]) -> None:
        """One new instance for each creation; ids are never used twice."""
        last = max((instance.number for instance in self.instances.values()), default=-1)
        for number, deployment in enumerate(created, start=last + 1):
            instance_id = self.spec.instance_id(number)
            self.instances[instance_id.lower()] = Instance(
                scale_set_id=self.id,
                number=number,
                instance_id=instance_id,
                place=place_of(self.spec, number),
                deployments=[deployment],
            )

    def record(self, at: datetime, what: str, evidence: str) -> None:
        """Record a call that must never be made."""
        self.violations.append(Violation(at, what, evidence))
