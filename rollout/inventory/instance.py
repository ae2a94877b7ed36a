"""One VM of a scale set, as Azure reports it."""

from rollout.base import Value
from rollout.inventory.health import Health
from rollout.inventory.image import Image
from rollout.inventory.power import PowerState


class Instance(Value):
    """One VM of a scale set, with its real image (exactVersion) and its placement."""

    instance_id: str
    update_domain: int | None = None
    fault_domain: int | None = None
    zone: str | None = None
    placement_group_id: str | None = None
    image: Image
    provisioning_state: str = "Succeeded"
    health: Health = Health.UNKNOWN
    power_state: PowerState = PowerState.UNKNOWN
    protect_from_scale_set_actions: bool = False
    latest_model_applied: bool | None = None
    """Whether it has all of the model as Azure reports it; None where that is not kept."""
    hyper_v_generation: str | None = None
    """V1 or V2; None where that is not kept."""
    computer_name: str | None = None
    """What it is called inside; None where nobody needs it, or Azure does not say."""

    @property
    def order(self) -> tuple[int, str]:
        """Sorts numeric ids by number ("10" after "9"), names as text."""
        numeric = self.instance_id.isdecimal()
        return (int(self.instance_id) if numeric else 0, self.instance_id)

    def placed_like(self, other: "Instance") -> "Instance":
        """This instance with the other's placement: Azure may move it to another domain."""
        return self.model_copy(
            update={
                "update_domain": other.update_domain,
                "fault_domain": other.fault_domain,
                "zone": other.zone,
                "placement_group_id": other.placement_group_id,
            }
        )

    @property
    def moving(self) -> bool:
        """Whether an operation is running on it."""
        return self.provisioning_state.casefold() not in {"succeeded", "failed"}

    @property
    def deleting(self) -> bool:
        """Whether it will soon be gone, however it is."""
        return self.provisioning_state.casefold() == "deleting"

    @property
    def comes_or_goes(self) -> bool:
        """Whether it is being created or deleted: it serves nobody yet, or nobody any more."""
        return self.deleting or self.provisioning_state.casefold() == "creating"

    @property
    def failed(self) -> bool:
        return self.provisioning_state.casefold() == "failed"

    @property
    def off(self) -> bool:
        """Whether it was stopped or deallocated on purpose. An instance that an upgrade has left
        stopped, during the upgrade or after it failed, does not count.
        """
        return self.power_state.off and self.provisioning_state.casefold() == "succeeded"

    @property
    def unhealthy(self) -> bool:
        """Whether it certainly cannot serve. Unknown and initializing do not count."""
        return self.failed or self.off or self.health is Health.UNHEALTHY

    def runs(self, image: Image) -> bool:
        """Whether that image is on its disk for good. A failed upgrade may have put it there, and
        must be repeated.
        """
        return self.image.same(image) and not self.failed
