"""iCalendar files for tests."""

from datetime import UTC, datetime


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def ics(*parts: str) -> str:
    """A file of these events and time zones."""
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Contoso//Changes//EN", *parts]
    return "\n".join([*whole, "END:VCALENDAR", ""]).replace("\n", "\r\n")


def utc(moment: datetime) -> str:
    """A moment as such files say it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def lasting(begins: datetime, ends: datetime, summary: str, *more: str) -> str:
    """An event."""
    return event(f"DTSTART:{utc(begins)}", f"DTEND:{utc(ends)}", f"SUMMARY:{summary}", *more)
