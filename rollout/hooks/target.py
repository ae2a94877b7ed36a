"""An instance as a hook is told of it."""

from rollout.base import Value
from rollout.inventory import ScaleSetId


class HookTarget(Value):
    """`state` is what came of it in the rollout so far; `computer_name` is left out if Azure does
    not say it, and `private_addresses` unless the hook asks for them.
    """

    id: str
    name: str
    computer_name: str | None = None
    state: str
    private_addresses: list[str] | None = None


def name_of(scale_set: ScaleSetId, instance_id: str) -> str:
    """A VM of a Uniform scale set is named by the set and its number; one of a Flexible set has its
    name as id.
    """
    return f"{scale_set.name}_{instance_id}" if instance_id.isdecimal() else instance_id
