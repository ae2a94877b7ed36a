"""What exists: a scale set and its instances, as Azure says they are."""

from collections.abc import Callable
from typing import Any

from rollout.health import Health
from rollout.image import Image
from rollout.power import Power
from rollout.scale_set_id import ScaleSetIdField
from rollout.value import Value


class ScaleSet(Value):
    """The facts about a scale set that decisions need.

    `fingerprint` stands for the whole virtualMachineProfile: when it differs, somebody changed the
    model. The ETag cannot say that: it moves on every manualupgrade too (recorded exchanges).
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
    """Whether automatic instance repairs are in its settings; they may be suspended."""

    @property
    def flexible(self) -> bool:
        """Whether its orchestration mode is Flexible: instances are plain VMs, known by name."""
        return self.orchestration_mode.casefold() == "flexible"

    @property
    def moving(self) -> bool:
        """Whether an operation runs on it. Failed is no obstacle: a rollout may be the repair."""
        return self.provisioning_state.casefold() in {"creating", "updating", "deleting"}


class Instance(Value):
    """One VM of a scale set, with its real image (exactVersion) and where it stands."""

    instance_id: str
    update_domain: int | None = None
    fault_domain: int | None = None
    zone: str | None = None
    placement_group: str | None = None
    image: Image
    provisioning_state: str = "Succeeded"
    health: Health = Health.UNKNOWN
    power: Power = Power.UNKNOWN
    protected: bool = False

    @property
    def order(self) -> tuple[int, str]:
        """Sorts ids as the numbers they are ("10" after "9"), names as text."""
        numeric = self.instance_id.isdecimal()
        return (int(self.instance_id) if numeric else 0, self.instance_id)

    def placed_like(self, other: "Instance") -> "Instance":
        """This instance where the other stands: Azure may move one to another domain."""
        return self.model_copy(
            update={
                "update_domain": other.update_domain,
                "fault_domain": other.fault_domain,
                "zone": other.zone,
                "placement_group": other.placement_group,
            }
        )

    @property
    def moving(self) -> bool:
        """Whether an operation runs on it."""
        return self.provisioning_state.casefold() not in {"succeeded", "failed"}

    @property
    def failed(self) -> bool:
        return self.provisioning_state.casefold() == "failed"

    @property
    def off(self) -> bool:
        """Whether somebody stopped or deallocated it. One that an upgrade leaves stopped, in the
        middle of it or failed, is not meant.
        """
        return self.power.off and self.provisioning_state.casefold() == "succeeded"

    @property
    def unhealthy(self) -> bool:
        """Whether it certainly does not serve. Unknown and initializing are not that."""
        return self.failed or self.off or self.health is Health.UNHEALTHY

    def runs(self, image: Image) -> bool:
        """Whether that image is on its disk for good. An upgrade that failed may have left it
        there, and has to be done again.
        """
        return self.image.same(image) and not self.failed


class Fleet(Value):
    """A scale set and all its instances at one moment."""

    scale_set: ScaleSet
    instances: list[Instance]

    @property
    def running(self) -> int:
        """How many instances are not switched off: what there is to serve with."""
        return sum(not one.off for one in self.instances)

    def pack(self) -> dict[str, Any]:
        """A JSON form small enough for a Durable history: about 30 bytes an instance, because
        images, placement groups and conditions stand once and each instance is a row that points
        at them.
        """
        images, groups, conditions = _Table(), _Table(), _Table()
        rows = [
            [
                one.instance_id, one.update_domain, one.fault_domain, one.zone,
                groups.index(one.placement_group), images.index(one.image.to_json()),
                conditions.index([one.provisioning_state, one.health, one.power, one.protected]),
            ]
            for one in self.instances
        ]  # fmt: skip
        return {
            "scaleSet": self.scale_set.to_json(),
            "images": images.values,
            "groups": groups.values,
            "conditions": conditions.values,
            "rows": rows,
        }

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> "Fleet":
        """Read what `pack` wrote."""
        images = [Image.from_json(image) for image in packed["images"]]
        unpack_row = _row_reader(images, packed["groups"], packed["conditions"])
        return cls.model_construct(
            scale_set=ScaleSet.from_json(packed["scaleSet"]),
            instances=[unpack_row(row) for row in packed["rows"]],
        )


class _Table:
    """Distinct values, each stored once, addressed by position."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def index(self, value: object) -> int:
        if value not in self.values:
            self.values.append(value)
        return self.values.index(value)


def _row_reader(
    images: list[Image], groups: list[str | None], conditions: list[list[Any]]
) -> Callable[[list[Any]], Instance]:
    def read(row: list[Any]) -> Instance:
        instance_id, update_domain, fault_domain, zone, group, image, condition = row
        state, health, power, protected = conditions[condition]
        return Instance.model_construct(
            instance_id=instance_id,
            update_domain=update_domain,
            fault_domain=fault_domain,
            zone=zone,
            placement_group=groups[group],
            image=images[image],
            provisioning_state=state,
            health=Health(health),
            power=Power(power),
            protected=protected,
        )

    return read
