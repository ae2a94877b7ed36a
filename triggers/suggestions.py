"""What somebody may have meant who named a scale set that is not there."""

from collections.abc import Callable
from difflib import get_close_matches

from durable import ScaleSetReads
from rollout.base import ArmErrorKind, ArmFailure, Refused
from rollout.inventory import ScaleSetId


def suggesting[T, R](
    read: Callable[[T], R], reads: ScaleSetReads, named: Callable[[T], ScaleSetId]
) -> Callable[[T], R]:
    """`read`, raising ArmFailure with a suggestion if what was asked for is not there: the scale
    set of its resource group whose name is nearest. That costs one more read, of a list.
    """

    def read_or_suggest(asked: T) -> R:
        try:
            return read(asked)
        except ArmFailure as failure:
            wanted, error = named(asked), failure.error
            if error.kind is not ArmErrorKind.NOT_FOUND or error.resource != str(wanted):
                raise
            if not (near := _nearest(wanted, reads)):
                raise
            message = f"{error.message.rstrip('.')}. Did you mean {near!r}"
            raise ArmFailure(error.model_copy(update={"message": message})) from failure

    return read_or_suggest


def _nearest(wanted: ScaleSetId, reads: ScaleSetReads) -> str | None:
    """None if there is nothing like it, or if it could not be looked for."""
    try:
        there = reads.listed(wanted.subscription, wanted.resource_group)
    except (ArmFailure, Refused):
        return None
    names = {scale_set.name.lower(): scale_set.name for scale_set in there}
    near = get_close_matches(wanted.name.lower(), names, n=1)
    return names[near[0]] if near else None
