"""A scale set, as Azure reports it."""

from rollout.base import Value
from rollout.inventory.image import Image
from rollout.inventory.image_fit import Machine
from rollout.inventory.manager import Manager
from rollout.inventory.scale_set_id import ScaleSetIdField


class ScaleSet(Value):
    """The facts about a scale set that decisions need.

    `fingerprint` identifies the whole virtualMachineProfile: if it differs, someone has changed the
    model. The ETag cannot tell: every manualupgrade changes it too (recorded exchanges).
    """

    id: ScaleSetIdField
    location: str
    etag: str
    upgrade_policy: str
    orchestration_mode: str
    provisioning_state: str
    image: Image | None = None
    fingerprint: str
    reports_health: bool = False
    repairs: bool = False
    """Whether automatic instance repairs are enabled in its settings; they may be suspended."""
    automatic_os_upgrades: bool = False
    managed_by: Manager | None = None
    machine: Machine = Machine()

    @property
    def flexible(self) -> bool:
        """Whether its orchestration mode is Flexible: plain VMs, identified by name."""
        return self.orchestration_mode.casefold() == "flexible"

    @property
    def manual(self) -> bool:
        """Whether Azure leaves its instances alone until somebody upgrades them."""
        return self.upgrade_policy.casefold() == "manual"

    def same_model(self, other: "ScaleSet") -> bool:
        """Whether nobody has changed the model or the upgrade policy between both reads."""
        policies = {self.upgrade_policy.casefold(), other.upgrade_policy.casefold()}
        return self.fingerprint == other.fingerprint and len(policies) == 1

    @property
    def moving(self) -> bool:
        """Whether an operation is running on it. Failed is no obstacle: a rollout may repair it."""
        return self.provisioning_state.casefold() in {"creating", "updating", "deleting"}
