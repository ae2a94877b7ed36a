"""Reads the API's JSON: what is missing, null or of a later version is no error."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeIs, cast

type Json = dict[str, Any]

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def is_object(value: object) -> TypeIs[Json]:
    return isinstance(value, dict)


def fields(value: object) -> Json:
    """The value, if it is an object; else an empty one."""
    return value if is_object(value) else {}


def items(value: object) -> list[Any]:
    """The value, if it is a list; else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def part(value: Json, name: str) -> Json:
    """An object in an object; empty if it is not there."""
    return fields(value.get(name))


def lines(value: Json, name: str) -> list[Json]:
    """A list of objects in an object; empty if it is not there."""
    return [fields(line) for line in items(value.get(name))]


def words(value: Json, name: str) -> list[str]:
    """A list of strings; empty if it is not there."""
    return [harmless(str(word)) for word in items(value.get(name))]


def text(value: Json, name: str) -> str:
    """A string, or a number as text; "" if it is not there."""
    found = value.get(name)
    return "" if found is None else harmless(str(found))


def harmless(said: str) -> str:
    """Without control characters, which would drive the terminal that shows it: what Azure says of
    an instance may come from the instance.
    """
    return "".join(letter for letter in said if letter in "\n\t" or letter.isprintable())


def number(value: Json, name: str) -> int:
    """A whole number; 0 if it is not there."""
    found = value.get(name)
    return int(found) if isinstance(found, int | float) else 0


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 instance", "2 instances"."""
    return (
        f"{count} {noun}" if count == 1 else f"{count} {noun}{'es' if noun[-2:] == 'ch' else 's'}"
    )


def moment(value: Json, name: str) -> datetime | None:
    """A time, such as 2026-01-01T12:00:00Z; None if it is not there."""
    try:
        found = datetime.fromisoformat(text(value, name))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def minute(moment_: datetime | None) -> str:
    """A time as people read it: 2026-01-01 12:00Z; "" if there is none."""
    return f"{moment_:%Y-%m-%d %H:%MZ}" if moment_ else ""


def duration(value: Json, name: str) -> timedelta | None:
    """A length of time, such as PT1H30M; None if it is not there."""
    found = _DURATION.fullmatch(text(value, name))
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(group or 0) for group in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def spoken(length: timedelta) -> str:
    """A length of time in words: "1 h 5 min", "15 min", "40 s"."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    units = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(units[:2]) or "0 s"
