"""What is read of an iCalendar file in tests."""

from datetime import UTC, datetime
from typing import Any

from activities.ical import freezes_in
from rollout.windows import FreezeCalendar, Span

ASKED = Span(datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
MINE = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0{summer}00
TZOFFSETTO:+0{winter}00
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0{winter}00
TZOFFSETTO:+0{summer}00
END:DAYLIGHT
END:VTIMEZONE"""


def source(**more: Any) -> FreezeCalendar:
    return FreezeCalendar.from_request({"calendar": "https://c.contoso.com/f.ics", **more})


def spans(text: str, asked: Span = ASKED, **more: Any) -> list[str]:
    found = freezes_in(text, source(**more), asked)
    return [f"{each.span.begins:%m-%d %H:%M} {each.span.ends:%m-%d %H:%M}" for each in found]
