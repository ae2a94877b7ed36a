"""The freezes in an iCalendar file: each of its events is one, and what it says is the reason. What
cannot be understood is an error, never no freeze.
"""

from datetime import UTC, datetime
from time import monotonic
from zoneinfo import ZoneInfo

from activities.ical_file import events_in, parsed
from activities.ical_rules import NoCalendarError
from activities.ical_times import AskedTime, changed_times, spans_of
from rollout.base import sentence, without_secrets
from rollout.windows import Freeze, FreezeCalendar, Span

MOST_FREEZES = 200
"""Of one calendar, in the time that is asked for."""
_SECONDS = 10.0
_MOST_OF_A_REASON = 150
_EARLIEST, _LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
"""What is frozen from before the one, or until after the other, is frozen from or until then."""


def freezes_in(text: str, source: FreezeCalendar, span: Span) -> list[Freeze]:
    """Every freeze that has a part of it in that time, the first ones first. Raises ValueError if
    nobody can tell.
    """
    calendar, began = parsed(text), monotonic()
    events = events_in(calendar)
    zone = _zone(source.time_zone or str(calendar.get("X-WR-TIMEZONE", "")))
    asking = AskedTime(span, zone, changed_times(events), lambda: monotonic() - began < _SECONDS)
    found: set[tuple[Span, str, str]] = set()
    for event in events:
        if str(event.get("STATUS", "")).strip().upper() != "CANCELLED":
            reason = _reason(source, str(event.get("SUMMARY", "")))
            found |= {(when, name, reason) for when, name in spans_of(event, asking)}
        if len(found) > MOST_FREEZES:
            raise NoCalendarError(
                f"it has more than {MOST_FREEZES} freezes until {span.ends:%Y-%m-%d}: give a "
                "calendar of the freezes only"
            )
    return [Freeze.lasting(_within(when), *said) for when, *said in sorted(found)]


def _within(when: Span) -> Span:
    return Span(max(when.begins, _EARLIEST), min(when.ends, _LATEST))


def _zone(name: str) -> ZoneInfo | None:
    """The zone of days, and of times that name none; None if nobody says one."""
    try:
        return ZoneInfo(name) if name else None
    except (LookupError, ValueError, OSError) as error:
        raise NoCalendarError(
            f"its time zone {sentence(name, 60)} is not known: give timeZone beside calendar"
        ) from error


def _reason(source: FreezeCalendar, summary: str) -> str:
    said = sentence(without_secrets(summary), _MOST_OF_A_REASON)
    return ": ".join(filter(None, (source.reason, said)))[:256] or "no reason is given"
