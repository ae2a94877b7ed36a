"""A scale set as users see it without a rollout: a line in the list, or all of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from rollout.base import Phase, Shown, Value, folded
from rollout.inventory.health import Health, UsedHealthSource, source_used
from rollout.inventory.heat_map import DomainRow, HeatMap
from rollout.inventory.image import Image
from rollout.inventory.image_choice import NewestImage
from rollout.inventory.instance import Instance
from rollout.inventory.manager import Manager
from rollout.inventory.obstacle import lasting_obstacle_of, obstacle_of
from rollout.inventory.power import PowerState
from rollout.inventory.scale_set import ScaleSet
from rollout.inventory.scale_set_id import ScaleSetIdField


class UpgradePolicy(Value):
    """How instances get a changed model, in Azure's terms: Manual, Automatic, Rolling; and whether
    Azure upgrades their OS by itself.
    """

    mode: str
    automatic_os_upgrades: bool = False


class LastRollout(Value):
    """The newest rollout of a scale set that the app knows of."""

    id: str
    phase: Phase
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ScaleSetSummary(Shown):
    """A scale set as listed: `id` and `resourceGroup` are spelled as Azure spells them (in upper
    case if it lists a whole subscription). `reason` is why it is not `rollable` now, and `lasting`
    whether that stays so until somebody changes the scale set; `rolloutId` is the rollout active on
    it. `healthSource` is powerState if its model has no source of health:
    then nothing is known of its instances but whether they run. `managedBy` is another service
    that manages it. `imageName` is the same for all versions of the model's image, `imageVersion`
    the one that the model names. `newest` is only there if it was asked for (`behind=true`).
    """

    id: ScaleSetIdField
    name: str
    resource_group: str
    location: str
    zones: list[str] = []
    vm_size: str | None = None
    capacity: int | None = None
    orchestration_mode: str
    upgrade_policy: UpgradePolicy
    provisioning_state: str
    image: Image | None = None
    overprovision: bool | None = None
    automatic_repairs: bool = False
    admin_user: str | None = None
    computer_name_prefix: str | None = None
    platform_fault_domain_count: int | None = None
    tags: dict[str, str] = {}
    managed_by: Manager | None = None
    health_source: UsedHealthSource = "applicationHealth"
    rollable: bool
    reason: str | None = None
    lasting: bool = False
    rollout_id: str | None = None
    image_name: str | None = None
    image_version: str | None = None
    newest: NewestImage | None = None
    last_rollout: LastRollout | None = None

    @classmethod
    def of(cls, scale_set: ScaleSet, **shown: Any) -> Self:
        """The line for a scale set without an active rollout; `shown` are the fields that no
        decision needs, by name.
        """
        obstacle = obstacle_of(scale_set)
        return cls(
            id=scale_set.id,
            name=scale_set.id.name,
            resource_group=scale_set.id.resource_group,
            location=scale_set.location,
            orchestration_mode=scale_set.orchestration_mode,
            upgrade_policy=UpgradePolicy(
                mode=scale_set.upgrade_policy,
                automatic_os_upgrades=scale_set.automatic_os_upgrades,
            ),
            managed_by=scale_set.managed_by,
            provisioning_state=scale_set.provisioning_state,
            automatic_repairs=scale_set.repairs,
            image=scale_set.image,
            image_name=scale_set.image.family if scale_set.image else None,
            image_version=scale_set.image.named_version if scale_set.image else None,
            health_source=source_used("auto", reports_health=scale_set.reports_health),
            rollable=obstacle is None,
            reason=obstacle.detail if obstacle else None,
            lasting=lasting_obstacle_of(scale_set) is not None,
            **shown,
        )

    @property
    def order(self) -> tuple[str, str]:
        """Sorts by resource group, then by name."""
        return (folded(self.resource_group), folded(self.name))

    def with_rollout(self, rollout_id: str | None) -> Self:
        """The same while that rollout is active: a scale set has at most one."""
        if rollout_id is None:
            return self
        reason = f"Rollout {rollout_id!r} is active on it: wait until it has ended, or abort it."
        shown = {"rollable": False, "reason": reason, "rollout_id": rollout_id}
        return self.model_copy(update=shown)

    def knowing(self, last: LastRollout | None, newest: NewestImage | None = None) -> Self:
        """With its last rollout, and the newest version of its image."""
        return self.model_copy(update={"last_rollout": last, "newest": newest})


class ImageCount(Value):
    """How many instances run an image."""

    image: Image
    instances: int


class RollingUpgradeCounts(Value):
    """The instances of Azure's own rolling upgrade, by result."""

    successful: int = 0
    failed: int = 0
    in_progress: int = 0
    pending: int = 0


class RollingUpgrade(Value):
    """Azure's own latest rolling upgrade. `code` is one of RollingForward, Completed, Cancelled,
    Faulted, RollingBack.
    """

    code: str
    start_time: datetime | None = None
    counts: RollingUpgradeCounts = RollingUpgradeCounts()


class ScaleSetView(ScaleSetSummary):
    """One scale set with all its instances, the rows of its heat map, the number of instances by
    image, by health and by power state, and Azure's own rolling upgrade (null if there never was
    one).
    """

    instances: list[Instance]
    rows: list[DomainRow]
    image_counts: list[ImageCount]
    health_counts: dict[Health, int]
    power_counts: dict[PowerState, int] = {}
    rolling_upgrade: RollingUpgrade | None = None

    @classmethod
    def made(
        cls,
        summary: ScaleSetSummary,
        instances: Sequence[Instance],
        rolling_upgrade: RollingUpgrade | None,
    ) -> Self:
        """The view of a scale set with these instances; its rows are those of a rollout with the
        default policy.
        """
        counted = Counter(instance.health for instance in instances)
        return cls(
            **dict(summary),
            instances=sorted(instances, key=lambda instance: instance.order),
            rows=HeatMap.of(instances, "auto").domain_rows(),
            image_counts=_image_counts(instances),
            health_counts={health: counted[health] for health in Health},
            power_counts=Counter(instance.power_state for instance in instances),
            rolling_upgrade=rolling_upgrade,
        )


def _image_counts(instances: Sequence[Instance]) -> list[ImageCount]:
    """The image that most instances run comes first; spellings of the same image count as one."""
    known: list[Image] = []
    for instance in instances:
        if not any(image.same(instance.image) for image in known):
            known.append(instance.image)
    counts = [
        ImageCount(image=image, instances=sum(image.same(instance.image) for instance in instances))
        for image in known
    ]
    return sorted(counts, key=lambda count: count.instances, reverse=True)
