"""Lists as tables: what matters most is left out last."""

from datetime import datetime

from vmss_rollout import images
from vmss_rollout.names import group, group_of, grouped, name_of
from vmss_rollout.table import Column, Table
from vmss_rollout.values import Json, counted, minute, moment, number, part, spoken, text, words
from vmss_rollout.view import place

_FIRST = ("Failed", "AwaitingApproval", "Paused", "RollingBack", "Progressing", "Pending")


def rollouts(listed: list[Json]) -> Table:
    """Who needs people first, then what goes on, then what has ended."""
    lines = sorted(listed, key=_urgency)
    return Table(
        [
            Column("ID", [text(line, "id") for line in lines]),
            Column("SCALE SET", [name_of(text(line, "scaleSet")) for line in lines], 6),
            Column("GROUP", [group_of(text(line, "scaleSet")) for line in lines], 2),
            Column("PHASE", [text(line, "phase") for line in lines]),
            *_progress(lines),
            Column("BATCH", [_of(line, "batch", "batches") for line in lines], 3, right=True),
            Column("DONE", [_done(line) for line in lines], 5, right=True),
            *_needs_and_times(lines),
        ]
    )


def fleets(listed: list[Json]) -> Table:
    """The fleet rollouts, in the same order."""
    lines = sorted(listed, key=_urgency)
    return Table(
        [
            Column("ID", [text(line, "id") for line in lines]),
            Column("IMAGE", [images.short(part(line, "image")) for line in lines], 3),
            Column("PHASE", [text(line, "phase") for line in lines]),
            *_progress(lines),
            Column("WAVE", [_of(line, "wave", "waveCount") for line in lines], 4, right=True),
            Column("SETS", [_done(line) for line in lines], 5, right=True),
            *_needs_and_times(lines),
        ]
    )


def instances(rows: list[Json]) -> Table:
    """An instance per line."""
    return Table(
        [
            Column("ID", [text(row, "instanceId") for row in rows], right=True),
            Column("NAME", [text(row, "name") for row in rows], 2),
            Column("WHERE", [place(row) for row in rows], 5),
            Column("STATE", [text(row, "state") for row in rows]),
            Column("BATCH", [text(row, "batch") for row in rows], 3, right=True),
            Column("HEALTH", [text(row, "health") for row in rows], 4),
            Column("BEFORE", [text(row, "healthBefore") for row in rows], 1),
            Column("IMAGE", [_version(part(row, "image")) for row in rows], 4),
            Column("REASON", [text(row, "reason") for row in rows], 8, folds=True),
        ]
    )


def scale_sets(listed: list[Json]) -> Table:
    """A scale set per line, and why it cannot be rolled."""
    return Table(
        [
            Column("NAME", [text(line, "name") for line in listed]),
            Column("GROUP", [group(text(line, "resourceGroup")) for line in listed], 4),
            Column("CAPACITY", [text(line, "capacity") for line in listed], 3, right=True),
            Column("IMAGE", [_family(part(line, "image")) for line in listed], 2),
            Column("VERSION", [text(line, "imageVersion") for line in listed], 7),
            Column("NEWEST", [text(part(line, "newest"), "version") for line in listed], 6),
            Column("BEHIND", [text(part(line, "newest"), "behind") for line in listed], 7),
            Column("ROLLOUT", [text(line, "rolloutId") for line in listed], 5),
            Column("NOT ROLLABLE BECAUSE", [_obstacle(line) for line in listed], 8, folds=True),
        ]
    )


def choices(listed: list[Json]) -> Table:
    """A version per line."""
    return Table(
        [
            Column("VERSION", [text(line, "version") for line in listed]),
            Column("PUBLISHED", [_day(moment(line, "publishedAt")) for line in listed], 5),
            Column("USABLE", ["yes" if line.get("usable") else "no" for line in listed], 7),
            Column("", [_marks(line) for line in listed], 6),
            Column("REMARK", [text(line, "remark") for line in listed], 8, folds=True),
        ]
    )


def followed(listed: list[Json]) -> Table:
    """A followed image per line."""
    return Table(
        [
            Column("IMAGE", [images.short({"id": text(line, "definition")}) for line in listed]),
            Column("VERSION", [text(line, "version") for line in listed]),
            Column("STATE", [text(line, "state") for line in listed]),
            Column("FLEET ROLLOUT", [text(line, "fleetRolloutId") for line in listed], 5),
            Column("MESSAGE", [text(line, "message") for line in listed], 8, folds=True),
        ]
    )


def receivers(listed: list[Json]) -> Table:
    """Who is told of what."""
    return Table(
        [
            Column("RECEIVER", [text(line, "name") for line in listed]),
            Column("KIND", [text(line, "kind") for line in listed], 6),
            Column("HOST", [text(line, "host") for line in listed], 5),
            Column("ONLY", [_only(part(line, "only")) for line in listed], 8, folds=True),
        ]
    )


def _only(only: Json) -> str:
    lists = [
        f"{name}: {', '.join(words(only, name))}" for name in ("kinds", "phases") if only.get(name)
    ]
    patterns = [f"{name}: {text(only, name)}" for name in ("ids", "fleets") if only.get(name)]
    return "; ".join([*lists, *patterns]) or "everything"


def undelivered(listed: list[Json]) -> Table:
    """What a receiver did not take, and why."""
    return Table(
        [
            Column("RECEIVER", [text(line, "receiver") for line in listed]),
            Column("OF", [text(part(line, "subject"), "id") for line in listed], 7),
            Column("WHAT", [_what(line) for line in listed], 6),
            Column("WHY", [text(line, "why") for line in listed], 8, folds=True),
        ]
    )


def _what(line: Json) -> str:
    """The kind of a message that was given up; how many wait, of those that do."""
    return text(line, "kind") or counted(number(line, "waiting"), "message")


def tested(listed: list[Json]) -> Table:
    """What came of a test."""
    return Table(
        [
            Column("RECEIVER", [text(line, "receiver") for line in listed]),
            Column("TOOK IT", ["yes" if line.get("delivered") else "no" for line in listed]),
            Column("WHY NOT", [text(line, "why") for line in listed], 8, folds=True),
        ]
    )


def members(rows: list[Json]) -> Table:
    """A scale set of a fleet rollout per line."""
    return Table(
        [
            Column("WAVE", [text(row, "wave") for row in rows]),
            Column("SCALE SET", [grouped(text(row, "scaleSet")) for row in rows]),
            Column("STATE", [text(row, "state") for row in rows]),
            Column("%", [text(row, "percent") for row in rows], 5, right=True),
            Column("ROLLOUT", [text(row, "rolloutId") for row in rows], 4),
            Column("MESSAGE", [text(row, "message") for row in rows], 8, folds=True),
        ]
    )


def _progress(lines: list[Json]) -> list[Column]:
    return [Column("%", [text(line, "percent") for line in lines], 8, right=True)]


def _needs_and_times(lines: list[Json]) -> list[Column]:
    return [
        Column("NEEDS", [text(part(line, "needs"), "what") for line in lines], 8),
        Column("BY", [text(line, "by") for line in lines], 1),
        Column("STARTED", [minute(moment(line, "startedAt")) for line in lines], 2),
        Column("LEFT", [_left(line) for line in lines], 4),
    ]


def _urgency(line: Json) -> tuple[bool, bool, int]:
    phase = text(line, "phase")
    place_ = _FIRST.index(phase) if phase in _FIRST else len(_FIRST)
    ended = moment(line, "finishedAt") is not None
    return (not part(line, "needs"), ended, 0 if ended else place_)


def _of(line: Json, at: str, of: str) -> str:
    return f"{number(line, at)}/{number(line, of)}" if number(line, of) else ""


def _done(line: Json) -> str:
    return _of(part(line, "counts"), "done", "total")


def _left(line: Json) -> str:
    """How long it will take from when the line was written."""
    eta, now = moment(line, "eta"), moment(line, "updatedAt")
    return spoken(max(eta - now, eta - eta)) if eta and now else ""


def _obstacle(line: Json) -> str:
    return "" if line.get("rollable") else text(line, "reason")


def _version(image: Json) -> str:
    return images.short(image).rpartition(":")[2]


def _family(image: Json) -> str:
    return images.short(image).rpartition(":")[0]


def _marks(line: Json) -> str:
    marks = {"named": "in the model", "latest": "latest"}
    return ", ".join(said for name, said in marks.items() if line.get(name))


def _day(moment_: datetime | None) -> str:
    return f"{moment_:%Y-%m-%d}" if moment_ else ""
