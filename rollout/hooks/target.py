"""An instance as a hook is told of it."""

from collections.abc import Mapping

from rollout.base import Value
from rollout.inventory import ScaleSetId


class HookTarget(Value):
    """`state` is what came of it in the rollout so far."""

    id: str
    name: str
    state: str


def described(scale_set: ScaleSetId, instances: Mapping[str, str]) -> list[HookTarget]:
    """The instances by id. A VM of a Uniform scale set is named by the set and its number; one of a
    Flexible set has its name as id.
    """
    return [
        HookTarget(id=each, name=_name(scale_set, each), state=state)
        for each, state in instances.items()
    ]


def _name(scale_set: ScaleSetId, instance_id: str) -> str:
    return f"{scale_set.name}_{instance_id}" if instance_id.isdecimal() else instance_id
