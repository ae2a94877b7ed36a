"""What people see of a scale set before there is a rollout: a line of the list, or all of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self

from rollout.fleet import Instance, ScaleSet
from rollout.health import Health
from rollout.heat_map import HeatMap
from rollout.image import Image
from rollout.preflight import obstacle_of
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value


class ScaleSetSummary(Value):
    """A scale set as the list shows it: `id` and `resourceGroup` as Azure spells them, which is in
    upper case where it lists a whole subscription. `reason` says why it is not `rollable` now;
    `rolloutId` is the rollout that is active on it.
    """

    id: ScaleSetIdField
    name: str
    resource_group: str
    location: str
    zones: list[str] = []
    vm_size: str | None = None
    capacity: int | None = None
    orchestration_mode: str
    upgrade_policy: str
    provisioning_state: str
    image: Image | None = None
    overprovision: bool | None = None
    admin_user: str | None = None
    computer_name_prefix: str | None = None
    platform_fault_domain_count: int | None = None
    tags: dict[str, str] = {}
    rollable: bool
    reason: str | None = None
    rollout_id: str | None = None

    @classmethod
    def of(cls, scale_set: ScaleSet, **told: Any) -> Self:
        """The line for a scale set on which no rollout is active; `told` is what no decision needs
        and people want to see, by the names of the fields.
        """
        obstacle = obstacle_of(scale_set)
        return cls(
            id=scale_set.id,
            name=scale_set.id.name,
            resource_group=scale_set.id.resource_group,
            location=scale_set.location,
            orchestration_mode=scale_set.orchestration_mode,
            upgrade_policy=scale_set.upgrade_policy,
            provisioning_state=scale_set.provisioning_state,
            image=scale_set.image,
            rollable=obstacle is None,
            reason=obstacle.detail if obstacle else None,
            **told,
        )

    @property
    def order(self) -> tuple[str, str]:
        """Sorts by resource group, then by name."""
        return (self.resource_group.casefold(), self.name.casefold())

    def with_rollout(self, rollout_id: str | None) -> Self:
        """The same while that rollout is active: there is only ever one on a scale set."""
        if rollout_id is None:
            return self
        reason = f"Rollout {rollout_id!r} is active on it: wait until it has ended, or abort it."
        told = {"rollable": False, "reason": reason, "rollout_id": rollout_id}
        return self.model_copy(update=told)

    def to_json(self) -> dict[str, Any]:
        """Like any value, but its own fields are always there, null when they have no value."""
        return self.model_dump(mode="json") | super().to_json()


class FleetRow(Value):
    """A row of the heat map: an update domain (of a zone), and the instances in it, in order."""

    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    instance_ids: list[str]


class ImageCount(Value):
    """How many instances run an image."""

    image: Image
    instances: int


class RollingUpgradeCounts(Value):
    """The instances of Azure's own rolling upgrade, by what has become of them."""

    successful: int = 0
    failed: int = 0
    in_progress: int = 0
    pending: int = 0


class RollingUpgrade(Value):
    """Azure's own latest rolling upgrade. `code` is one of its words: RollingForward, Completed,
    Cancelled, Faulted, RollingBack.
    """

    code: str
    start_time: datetime | None = None
    counts: RollingUpgradeCounts = RollingUpgradeCounts()


class ScaleSetView(ScaleSetSummary):
    """One scale set with all its instances, the rows of its heat map, how many instances run which
    image and are in which health, and Azure's own rolling upgrade, null when there never was one.
    """

    instances: list[Instance]
    rows: list[FleetRow]
    images: list[ImageCount]
    healths: dict[Health, int]
    rolling_upgrade: RollingUpgrade | None = None

    @classmethod
    def made(
        cls,
        summary: ScaleSetSummary,
        instances: Sequence[Instance],
        rolling_upgrade: RollingUpgrade | None,
    ) -> Self:
        """The view of a scale set that has these instances."""
        counted = Counter(one.health for one in instances)
        return cls(
            **dict(summary),
            instances=sorted(instances, key=lambda one: one.order),
            rows=_rows(instances),
            images=_images(instances),
            healths={health: counted[health] for health in Health},
            rolling_upgrade=rolling_upgrade,
        )


def _rows(instances: Iterable[Instance]) -> list[FleetRow]:
    """The rows as a rollout would show them that is told nothing else."""
    return [
        FleetRow(
            zone=domain.zone,
            update_domain=domain.update_domain,
            fault_domain=domain.fault_domain,
            instance_ids=list(ids),
        )
        for domain, ids in HeatMap.of(instances, "auto").rows
    ]


def _images(instances: Sequence[Instance]) -> list[ImageCount]:
    """The image that most instances run comes first; two spellings of one image are one image."""
    known: list[Image] = []
    for one in instances:
        if not any(image.same(one.image) for image in known):
            known.append(one.image)
    counts = [
        ImageCount(image=image, instances=sum(image.same(one.image) for one in instances))
        for image in known
    ]
    return sorted(counts, key=lambda one: one.instances, reverse=True)
