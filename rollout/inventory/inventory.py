"""A scale set and its instances, as Azure reports them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rollout.base import Value
from rollout.inventory.health import Health
from rollout.inventory.image import Image
from rollout.inventory.instance import Instance
from rollout.inventory.listing import Listing
from rollout.inventory.power import PowerState
from rollout.inventory.scale_set import ScaleSet

_NAMES = "names"


class Inventory(Value):
    """A scale set and all its instances at one moment. `listing` is what reading them has cost, if
    they were just read.
    """

    scale_set: ScaleSet
    instances: list[Instance]
    listing: Listing | None = None

    @property
    def running(self) -> int:
        """How many instances can serve: not switched off, nor being deleted."""
        return sum(not (instance.off or instance.deleting) for instance in self.instances)

    def pack(self, *, names: bool = True) -> dict[str, Any]:
        """A JSON form small enough for a Durable history; without `names`, computer names are left
        out.
        """
        packed = pack_instances(self.instances, names=names)
        return {"scaleSet": self.scale_set.to_json(), **packed}

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> "Inventory":
        """Read the result of `pack`."""
        return cls.model_construct(
            scale_set=ScaleSet.from_json(packed["scaleSet"]), instances=unpack_instances(packed)
        )


def pack_instances(instances: Iterable[Instance], *, names: bool = True) -> dict[str, Any]:
    """About 30 bytes per instance, because images, placement groups and conditions are stored once
    and each instance is a row that points to them. Computer names are beside, if there are any.
    """
    instances = list(instances)
    called = [instance.computer_name for instance in instances if names]
    images, groups, conditions = _Table(), _Table(), _Table()
    rows = [
        [
            instance.instance_id,
            instance.update_domain,
            instance.fault_domain,
            instance.zone,
            groups.index(instance.placement_group_id),
            images.index(instance.image.to_json()),
            conditions.index(_condition(instance)),
        ]
        for instance in instances
    ]
    return {
        "images": images.values,
        "groups": groups.values,
        "conditions": conditions.values,
        "rows": rows,
        **({_NAMES: called} if any(called) else {}),
    }


def unpack_instances(packed: Mapping[str, Any]) -> list[Instance]:
    """Read the result of `pack_instances`."""
    images = [Image.from_json(image) for image in packed["images"]]
    unpack_row, rows = _row_reader(images, packed["groups"], packed["conditions"]), packed["rows"]
    names = packed.get(_NAMES) or [None] * len(rows)
    return [unpack_row(row, name) for row, name in zip(rows, names, strict=True)]


def _condition(instance: Instance) -> list[Any]:
    return [
        instance.provisioning_state,
        instance.health,
        instance.power_state,
        instance.protect_from_scale_set_actions,
    ]


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
) -> Callable[[list[Any], str | None], Instance]:
    def read(row: list[Any], computer_name: str | None) -> Instance:
        instance_id, update_domain, fault_domain, zone, group, image, condition = row
        state, health, power_state, protect_from_scale_set_actions = conditions[condition]
        return Instance.model_construct(
            instance_id=instance_id,
            update_domain=update_domain,
            fault_domain=fault_domain,
            zone=zone,
            placement_group_id=groups[group],
            image=images[image],
            provisioning_state=state,
            health=Health(health),
            power_state=PowerState(power_state),
            protect_from_scale_set_actions=protect_from_scale_set_actions,
            computer_name=computer_name,
        )

    return read
