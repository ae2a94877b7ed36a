"""How long a rollout is remembered after its end, and what forgetting it takes."""

from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from rollout.duration import Duration
from rollout.value import Value

SETTING = "ROLLOUT_RETENTION"
DEFAULT = timedelta(days=180)
SHORTEST = timedelta(days=1)
MOST_AT_ONCE = 50
"""How many rollouts and fleet rollouts one run forgets, and how many records it trims; what is left
is for the next day's.
"""

_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def parse_retention(text: str) -> timedelta:
    """An ISO 8601 duration from a day to a year. Raises ValueError that says how to set it."""
    try:
        found = _DURATION.validate_python(text)
    except ValidationError:
        found = timedelta(0)
    if found < SHORTEST:
        raise ValueError(
            "set it to an ISO 8601 duration in days, from P1D to P366D, or leave it out for P180D"
        )
    return found


class ClearOut(Value):
    """Forget the rollouts and fleet rollouts that ended longer ago than this."""

    retention: Duration


class FindExpired(Value):
    """Which rollouts and fleet rollouts ended before that moment? At most so many in all, the
    oldest first. And which followed images have events of before that moment?
    """

    before: datetime
    most: int


class Expired(Value):
    """The ids of rollouts and fleet rollouts that may be forgotten, as far as a list can tell; and
    of followed images whose records are to be trimmed.
    """

    rollout_ids: list[str]
    fleet_ids: list[str] = []
    followed_ids: list[str] = []


class Forget(Value):
    """Forget this rollout or fleet rollout, if it really ended before that moment, and nothing of
    it runs.
    """

    rollout_id: str
    before: datetime


class Forgotten(Value):
    """How many of its instances are gone; `gone` is false when it is kept after all."""

    gone: bool
    instances: int = 0
