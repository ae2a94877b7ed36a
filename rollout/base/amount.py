"""Amounts of instances: a count (4) or a percentage of all instances ("20%")."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_PERCENT = re.compile(r"(\d{1,3})%")


def _percent(amount: int | str) -> int | None:
    match = _PERCENT.fullmatch(amount) if isinstance(amount, str) else None
    return int(match[1]) if match else None


def _amount(value: object) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('must be a count such as 4 or a percentage such as "20%"')
    if isinstance(value, int):
        if value < 0:
            raise ValueError("must not be negative")
        return value
    percent = _percent(value)
    if percent is None:
        raise ValueError('must be a count such as 4 or a percentage such as "20%"')
    if percent > 100:  # noqa: PLR2004
        raise ValueError("must not be above 100%")
    return value


def _share(value: object) -> int | str:
    amount = _amount(value)
    if amount in (0, "0%", "00%", "000%"):
        raise ValueError("must be above 0, else no instance could ever be upgraded")
    return amount


_SCHEMA = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^\d{1,3}%$"}
Budget = Annotated[int | str, BeforeValidator(_amount), WithJsonSchema(_SCHEMA)]
Share = Annotated[int | str, BeforeValidator(_share), WithJsonSchema(_SCHEMA)]


def share_of(amount: int | str, total: int) -> int:
    """How many instances a batch may have: a percentage rounds up, to at least 1."""
    percent = _percent(amount)
    return max(1, int(amount) if percent is None else -(-percent * total // 100))


def budget_of(amount: int | str, total: int) -> int:
    """How many instances may be unhealthy: a percentage rounds down, to be safe."""
    percent = _percent(amount)
    return int(amount) if percent is None else percent * total // 100
