"""Identifiers, all derived from names and counters; none is random."""

import hashlib
import uuid

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_FRACTIONS = 2**64


def guid(*parts: object) -> str:
    """The same guid for the same parts, always."""
    return str(uuid.UUID(bytes=_digest(parts)[:16], version=4))


def fraction(*parts: object) -> float:
    """A number from 0 to 1 that is derived from the parts, and looks random."""
    return int.from_bytes(_digest(parts)[:8]) / _FRACTIONS


def resource_id(subscription: str, resource_group: str, *path: str) -> str:
    """An ARM id under Microsoft.Compute."""
    tail = "/".join(path)
    return (
        f"/subscriptions/{subscription}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.Compute/{tail}"
    )


def _digest(parts: tuple[object, ...]) -> bytes:
    return hashlib.sha256("/".join(map(str, parts)).encode()).digest()
