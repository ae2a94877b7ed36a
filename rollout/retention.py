"""How long a rollout is kept after its end, and how it is purged."""

from datetime import datetime

from rollout.base import Activity, Duration, Value

CLEAR_OUT = "clear_out"
CLEAR_OUT_ID = "retention:daily"
"""Only one runs at a time, under an id that no rollout can have."""
MOST_AT_ONCE = 50
"""How many rollouts and fleet rollouts one run purges, and how many records it trims; the rest is
left for the next day.
"""


class ClearOut(Value):
    """Purge the rollouts and fleet rollouts that ended longer ago than this."""

    retention: Duration


class FindExpired(Value):
    """Which rollouts and fleet rollouts ended before that moment (the oldest first, limited to
    `most`), and which followed images have events from before it?
    """

    before: datetime
    most: int


class OldEvents(Value):
    """The parts of the log of a followed image that have old events among others, and those that
    have no others and are not written any more.
    """

    id: str
    parts: list[str] = []
    whole: list[str] = []


class Expired(Value):
    """The ids of rollouts and fleet rollouts that have probably expired (`Forget` checks again),
    and the followed images whose logs need trimming.
    """

    rollout_ids: list[str]
    fleet_ids: list[str] = []
    followed: list[OldEvents] = []


class Forget(Value):
    """Purge this rollout or fleet rollout, if it did end before that moment and no part of it is
    still running.
    """

    rollout_id: str
    before: datetime


class Forgotten(Value):
    """How many of its Durable instances were purged, and the parts of its log, which are left to
    the caller; `gone` is false if it was kept after all.
    """

    gone: bool
    instances: int = 0
    parts: list[str] = []


FIND_EXPIRED = Activity("find_expired", FindExpired, Expired)
FORGET = Activity("forget_rollout", Forget, Forgotten)
