"""Plain JSON documents."""

from collections.abc import Iterable
from typing import Any, TypeGuard

type Json = dict[str, Any]


def is_object(value: object) -> TypeGuard[Json]:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def merged(base: Json, patch: Json) -> Json:
    """`base` with the fields of `patch`: objects merge field by field, all else is replaced."""
    return base | {name: _merged_value(base.get(name), value) for name, value in patch.items()}


def _merged_value(old: object, new: object) -> object:
    return merged(old, new) if is_object(old) and is_object(new) else new


def dig(document: object, *names: str) -> Any:
    """The value at that path of objects; None where there is none."""
    for name in names:
        document = document.get(name) if is_object(document) else None
    return document


def without(document: Json, names: Iterable[str]) -> Json:
    """The object without those fields."""
    return {name: value for name, value in document.items() if name not in set(names)}


def without_none(document: Json) -> Json:
    """The object without the fields that are null."""
    return {name: value for name, value in document.items() if value is not None}
