"""When a timer trigger is due: NCRONTAB expressions, as the Functions host reads them."""

import re
from datetime import datetime, timedelta

from croniter import croniter

_FIVE_FIELDS, _SIX_FIELDS = 5, 6
_SETTING = re.compile(r"%(?P<name>.+)%")


class ScheduleError(ValueError):
    """The Functions host would refuse this schedule."""


class Schedule:
    """An expression of six fields, seconds first, in UTC. Raises ScheduleError.

    Source: NCrontab, which the timer extension uses. Five fields mean that seconds are 0; where
    day of month and day of week are both given, both must match (elsewhere in cron, either).
    """

    def __init__(self, expression: str) -> None:
        fields = expression.split()
        if _SETTING.fullmatch(expression):
            raise ScheduleError(
                f"the local host does not look up the schedule {expression} in the app's settings"
            )
        if len(fields) == _FIVE_FIELDS:
            fields = ["0", *fields]
        self._text = " ".join(fields)
        if len(fields) != _SIX_FIELDS or not self._readable():
            raise ScheduleError(
                f"{expression!r} is no NCRONTAB expression: give six fields (second minute hour "
                "day month day-of-week), for example 0 30 3 * * * for half past three every day"
            )

    def after(self, moment: datetime) -> datetime:
        """The first time after that moment."""
        whole = moment.replace(microsecond=0)
        found: datetime = croniter(
            self._text, whole, ret_type=datetime, second_at_beginning=True, day_or=False
        ).get_next()
        return found if found > moment else self.after(found + timedelta(seconds=1))

    def _readable(self) -> bool:
        return croniter.is_valid(self._text, second_at_beginning=True)
