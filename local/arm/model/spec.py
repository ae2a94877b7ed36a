"""What a simulated scale set is like: `POST /_sim/scale-sets`, or declared from Python."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from local.arm.model.declared import Declared, Duration
from local.arm.model.ids import SUBSCRIPTION, resource_id
from local.arm.model.image import ImageReference

UBUNTU = ImageReference(
    publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version="14.04.201506100"
)
_FAULT_DOMAINS = 5

type Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]{0,63}$")]


class ScaleSetSpec(Declared):
    """A scale set and the knobs of its simulation. What nobody has recorded of Azure is a knob."""

    name: Name
    subscription: str = SUBSCRIPTION
    resource_group: Name = "demo"
    location: str = "westus"
    capacity: int = Field(default=20, ge=0, le=1000)
    update_domains: int = Field(default=5, ge=1, le=20)
    fault_domains: int | None = Field(default=None, ge=1, le=20)
    """None: 1 in a zonal set, else as many as update domains, up to 5."""
    zones: tuple[str, ...] = ()
    placement_group_size: int = Field(default=100, ge=1, le=1000)
    orchestration_mode: Literal["Uniform", "Flexible"] = "Uniform"
    upgrade_policy: Literal["Manual", "Automatic", "Rolling"] = "Manual"
    image: ImageReference = UBUNTU
    """A bare version is one of the default Ubuntu image. It is published if it is not yet."""
    tags: dict[str, str] = {}
    health: Literal["application", "none"] = "application"
    """Whether the Application Health extension is in the model, so that VMs report vmHealth."""
    protected: tuple[str, ...] = ()
    """Instance ids protected from scale set actions."""
    unhealthy: tuple[str, ...] = ()
    """Instance ids that are unhealthy until they are upgraded."""
    automatic_repairs: bool = False

    upgrade_duration: Duration = timedelta(seconds=60)
    """From the VM going down to the new disk being in place."""
    upgrade_spread: float = Field(default=0, ge=0, le=10)
    """By how much of it the slowest VM takes longer: 0.5 spreads 60 s over 60 to 90 s."""
    boot_duration: Duration = timedelta(seconds=30)
    """From the new disk being in place to the VM being healthy; the operation ends before."""
    model_update_duration: Duration = timedelta(seconds=2)
    stale_after_accept: Duration = timedelta(0)
    """How long instances still read as before, after an upgrade was accepted."""
    protected_named: Literal["refuse", "skip"] = "refuse"
    """What a manualupgrade does that names a protected instance."""
    page_size: int = Field(default=120, ge=1, le=1000)
    retry_after_model: int | None = Field(default=10, ge=1)
    """Retry-After, in seconds, on the answer to PATCH and PUT; None for no header."""
    retry_after_action: int | None = Field(default=None, ge=1)
    """Retry-After, in seconds, on the answer to POST."""

    @model_validator(mode="after")
    def _names_its_own_instances(self) -> Self:
        known = set(map(str, range(self.capacity)))
        if strangers := {*self.protected, *self.unhealthy} - known:
            raise ValueError(f"no such instance ids: {', '.join(sorted(strangers))}")
        return self

    @model_validator(mode="after")
    def _is_simulated(self) -> Self:
        if self.orchestration_mode == "Flexible":
            raise ValueError("orchestrationMode Flexible is not simulated yet: use Uniform")
        return self

    @property
    def id(self) -> str:
        path = ("virtualMachineScaleSets", self.name)
        return resource_id(self.subscription, self.resource_group, *path)

    @property
    def fault_domain_count(self) -> int:
        default = 1 if self.zones else min(self.update_domains, _FAULT_DOMAINS)
        return self.fault_domains or default

    @property
    def full_image(self) -> ImageReference:
        """The image with what it leaves open taken from the default image."""
        if self.image.id or self.image.uri:
            return self.image
        return UBUNTU.model_copy(update=self.image.model_dump(exclude_none=True))
