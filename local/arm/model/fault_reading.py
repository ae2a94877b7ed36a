"""Reads the declaration of a fault."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from local.arm.base import is_object
from local.arm.model.fault import (
    BadImage,
    Conflict,
    DelayEvents,
    Denied,
    DropConnection,
    DuplicateEvents,
    Fault,
    Flapping,
    ForeignWrite,
    InstanceStops,
    InstanceStuck,
    InstanceVanishes,
    Rewrite,
    ScaleOut,
    ServerError,
    SlowBoot,
    Throttle,
    UpgradeFails,
)

_KINDS: dict[str, type[Fault]] = {
    "badImage": BadImage,
    "slowBoot": SlowBoot,
    "flapping": Flapping,
    "upgradeFails": UpgradeFails,
    "throttle": Throttle,
    "serverError": ServerError,
    "denied": Denied,
    "dropConnection": DropConnection,
    "conflict": Conflict,
    "rewrite": Rewrite,
    "foreignWrite": ForeignWrite,
    "instanceVanishes": InstanceVanishes,
    "instanceStops": InstanceStops,
    "instanceStuck": InstanceStuck,
    "scaleOut": ScaleOut,
    "duplicateEvents": DuplicateEvents,
    "delayEvents": DelayEvents,
}


def fault_from_json(body: Any) -> Fault:
    """Read a declaration of the kind it names. Raises pydantic.ValidationError."""
    name = body.get("kind") if is_object(body) else None
    kind = _KINDS.get(str(name))
    if kind is None:
        raise _unknown_kind(name)
    return kind.from_json(body)


def _unknown_kind(name: object) -> ValidationError:
    error = PydanticCustomError(
        "kind",
        "unknown kind {name}: use one of {kinds}",
        {"name": repr(name), "kinds": ", ".join(_KINDS)},
    )
    line = InitErrorDetails(type=error, loc=("kind",), input=name)
    return ValidationError.from_exception_data("Fault", [line])
