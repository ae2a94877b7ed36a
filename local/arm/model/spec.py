"""What a simulated scale set is like: `POST /_sim/scale-sets`, or declared from Python."""

from datetime import timedelta
from itertools import chain
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from local.arm.base import SUBSCRIPTION, Declared, Duration, guid, resource_id
from local.arm.images import ImageReference, MarketplacePlan
from local.arm.model.instance_spec import InstanceSpec

UBUNTU = ImageReference(
    publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201506100"
)
_UPDATE_DOMAINS = 5
_FAULT_DOMAINS = 5
_STRIDE = 0x9E3779B1  # odd, so that no two numbers below 2**32 give one name

type Group = Annotated[str, Field(pattern=r"^[\w.()-]{1,90}$")]
type Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]{0,63}$")]


class ScaleSetSpec(Declared):
    """A scale set and how it is simulated. What nobody has recorded of Azure is a setting."""

    name: Name
    subscription: str = SUBSCRIPTION
    resource_group: Group = "demo"
    location: str = "westus"
    capacity: int = Field(default=20, ge=0, le=1000)
    update_domains: int | None = Field(default=None, ge=1, le=20)
    """None: 5; a Flexible set has none."""
    fault_domains: int | None = Field(default=None, ge=1, le=20)
    """None: 1 in a zonal or Flexible set, else as many as update domains, up to 5."""
    show_fault_domains: bool = False
    """Whether the VMs of a Flexible set show theirs: seen in one recording only."""
    zones: tuple[str, ...] = ()
    placement_group_size: int = Field(default=100, ge=1, le=1000)
    orchestration_mode: Literal["Uniform", "Flexible"] = "Uniform"
    upgrade_policy: Literal["Manual", "Automatic", "Rolling"] | None = None
    """None: Manual, which a Flexible set does not say (recorded: no upgradePolicy at all)."""
    flexible_upgrade: Literal["allow", "refuse"] = "allow"
    """What a Flexible set does with manualupgrade: Azure's documents disagree."""
    os_type: Literal["Linux", "Windows"] = "Linux"
    os_disk: Literal["managed", "ephemeral"] = "managed"
    os_disk_gb: int | None = Field(default=30, ge=1)
    """The size in the model; None: as large as the image."""
    security_type: Literal["Standard", "TrustedLaunch", "ConfidentialVM"] | None = None
    """None: nothing is said of it, which is Standard."""
    hyper_v_generation: Literal["V1", "V2"] = "V1"
    plan: MarketplacePlan | None = None
    image: ImageReference = UBUNTU
    """A bare version is one of the default Ubuntu image. It is published if it is not yet."""
    tags: dict[str, str] = {}
    health: Literal["application", "none"] = "application"
    """Whether the Application Health extension is in the model, so that VMs report vmHealth."""
    extensions: tuple[str, ...] = ()
    """The types of other extensions in the model, which do nothing."""
    instances: tuple[InstanceSpec, ...] = ()
    """Its instances one by one, as many as `capacity`, instead of the usual ones: then what is said
    of instances by number is said there.
    """
    protected: tuple[str, ...] = ()
    """Instances protected from scale set actions. Here and below, instances are named by their
    numbers "0", "1" … in the order of creation: the ids of a Uniform set, and in a Flexible one
    the positions in its list, because its names are generated only now.
    """
    unhealthy: tuple[str, ...] = ()
    """Instances that are unhealthy until they are upgraded."""
    failed: tuple[str, ...] = ()
    """Instances whose provisioning has failed before anything begins."""
    stopped: tuple[str, ...] = ()
    """Instances that are switched off but still allocated."""
    deallocated: tuple[str, ...] = ()
    """Instances that are switched off and not allocated."""
    automatic_repairs: bool = False
    repairs_duration: Duration = timedelta(0)
    """How long it takes to suspend or to resume them. Above zero, the ETag moves, too: neither was
    ever recorded, and clients have to bear it.
    """
    automatic_os_upgrade: bool = False
    """Whether Azure is to upgrade the OS by itself; the simulation never does."""

    upgrade_duration: Duration = timedelta(seconds=60)
    """From the VM going down to the new disk being in place."""
    upgrade_spread: float = Field(default=0, ge=0, le=10)
    """By how much of it the slowest VM takes longer: 0.5 spreads 60 s over 60 to 90 s."""
    boot_duration: Duration = timedelta(seconds=30)
    """From the new disk being in place to the VM being healthy; the operation ends before."""
    model_update_duration: Duration = timedelta(seconds=2)
    stale_after_accept: Duration = timedelta(0)
    """How long reads still show the old state after an upgrade was accepted."""
    protected_named: Literal["refuse", "skip"] = "refuse"
    """What a manualupgrade does when it names a protected instance."""
    page_size: int = Field(default=120, ge=1, le=1000)
    retry_after_model: int | None = Field(default=10, ge=1)
    """Retry-After, in seconds, on the answer to PATCH and PUT; None for no header."""
    retry_after_action: int | None = Field(default=None, ge=1)
    """Retry-After, in seconds, on the answer to POST."""

    @model_validator(mode="after")
    def _names_its_own_instances(self) -> Self:
        known = set(map(str, range(self.capacity)))
        named = (self.protected, self.unhealthy, self.failed, self.stopped, self.deallocated)
        if unknown := set(chain.from_iterable(named)) - known:
            raise ValueError(f"no such instance ids: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _names_each_instance_once(self) -> Self:
        ids = {instance.instance_id.lower() for instance in self.instances}
        if self.instances and not len(ids) == len(self.instances) == self.capacity:
            raise ValueError("instances: as many as the capacity, and each has an id of its own")
        return self

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        if self.is_flexible and self.update_domains:
            raise ValueError("a Flexible scale set has no update domains: leave updateDomains out")
        if self.os_disk == "ephemeral" and self.image.uri:
            raise ValueError("a VHD is no image for ephemeral disks: leave osDisk or the uri out")
        if both := set(self.stopped) & set(self.deallocated):
            raise ValueError(f"both stopped and deallocated: {', '.join(sorted(both))}")
        return self

    @property
    def is_flexible(self) -> bool:
        return self.orchestration_mode == "Flexible"

    def instance_id(self, number: int) -> str:
        """The number; in a Flexible set, the name of a VM: the set's and 8 hex digits."""
        if not self.is_flexible:
            return str(number)
        first = int(guid("vm", self.id)[:8], 16)
        return f"{self.name}_{(first + number * _STRIDE) % 2**32:08x}"

    @property
    def update_domain_count(self) -> int | None:
        return None if self.is_flexible else self.update_domains or _UPDATE_DOMAINS

    @property
    def id(self) -> str:
        path = ("virtualMachineScaleSets", self.name)
        return resource_id(self.subscription, self.resource_group, *path)

    @property
    def fault_domain_count(self) -> int:
        count = self.update_domain_count
        default = 1 if self.zones or count is None else min(count, _FAULT_DOMAINS)
        return self.fault_domains or default

    @property
    def full_image(self) -> ImageReference:
        """The image, completed from the default image."""
        if not self.image.is_platform:
            return self.image
        return UBUNTU.model_copy(update=self.image.model_dump(exclude_none=True))
