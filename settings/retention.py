"""The setting for how long rollouts are kept after their end."""

from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from rollout.base import Duration

RETENTION_SETTING = "ROLLOUT_RETENTION"


DEFAULT_RETENTION = timedelta(days=180)


_SHORTEST = timedelta(days=1)


_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def parse_retention(text: str) -> timedelta:
    """An ISO 8601 duration from a day to a year. Raises ValueError that explains how to set it."""
    try:
        found = _DURATION.validate_python(text)
    except ValidationError:
        found = timedelta(0)
    if found < _SHORTEST:
        raise ValueError(
            "set it to an ISO 8601 duration in days, from P1D to P366D, or leave it out for P180D"
        )
    return found
