"""Windows and freezes for stories, around the moment at which a story stands."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from story import System

type Json = dict[str, Any]

ZONE = "Europe/Berlin"
HOUR = timedelta(hours=1)


def local(system: System, after: timedelta = timedelta(0)) -> datetime:
    return (system.clock.now() + after).astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)


def window(system: System, opens: timedelta, lasts: timedelta) -> Json:
    """Every day, the first time so long after now."""
    begins = local(system, opens)
    ends = begins + lasts
    return {"from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}", "timeZone": ZONE}


def freeze(system: System, begins: timedelta, lasts: timedelta, reason: str = "Peak sales") -> Json:
    first = local(system, begins)
    said = {"from": f"{first:%Y-%m-%dT%H:%M}", "to": f"{first + lasts:%Y-%m-%dT%H:%M}"}
    return {**said, "timeZone": ZONE, "reason": reason}
