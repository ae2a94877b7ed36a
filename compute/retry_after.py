"""Reads how long Azure asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now on, never below 0, but as many as Azure wants (even infinity); None if it
    asks for no wait, or for none that can be understood.

    A date counts from the response's own Date, whatever our clock shows.
    """
    text = headers.get("Retry-After", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _between(headers.get("Date", ""), text)
    return None if seconds is None or isnan(seconds) else max(seconds, 0.0)


def _between(start: str, end: str) -> float | None:
    first, last = date_of(start), date_of(end)
    return (last - first).total_seconds() if first and last else None


def date_of(text: str) -> datetime | None:
    """A date in a header, which by RFC 9110 is always in GMT; None if it is none."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except ValueError:
        return None
