"""Plans and ends as Markdown. What comes from elsewhere is text in it, never markup."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

type Json = dict[str, Any]

_LONGEST = 60_000
"""GitHub refuses comments of more than 65,536 characters."""
_UNITS = {"D": "d", "H": "h", "M": "min", "S": "s"}
_MARKUP = frozenset("<>&|@`*_[]#\\")


def plan(scale_set: str, body: Json) -> str:
    """What a rollout would do."""
    change = _part(body, "image")
    before, after = (_image(_part(change, name)) for name in ("from", "to"))
    return _cut(
        [
            f"### Plan for {text(scale_set)}",
            "",
            f"**{text(before)} → {text(after)}**",
            *_already(body),
            "",
            *_batches(_lines(body, "batches")),
            *_facts(body),
            *(f"- ⚠️ {text(warning)}" for warning in _texts(body, "warnings")),
            "",
            f"Starts exactly this: `plan: {text(body.get('fingerprint', ''))}`",
        ]
    )


def refusal(scale_set: str, image: str, said: str) -> str:
    """Why there is no plan."""
    lines = [f"> {text(line)}" for line in said.splitlines()]
    title = f"### No plan for {text(scale_set)}"
    return _cut([title, "", f"To {text(image)}:", "", *lines])


def outcome(view: Json) -> str:
    """How a rollout ended, or what it waits for."""
    title = f"### {text(view.get('id', ''))}: {text(view.get('phase', ''))}"
    counts = _part(view, "counts")
    done, total, failed, skipped = (
        counts.get(name, 0) for name in ("done", "total", "failed", "skipped")
    )
    counted = f"{done} of {total} instance(s) done, {failed} failed, {skipped} left alone."
    return _cut([title, "", text(view.get("message", "")), "", counted])


def text(value: object) -> str:
    """Something that others have written, on one line, as it is read."""
    line = " ".join(str(value).split())
    return "".join(f"&#{ord(letter)};" if letter in _MARKUP else letter for letter in line)


def ranges(ids: list[str]) -> str:
    """Instance ids in few words: "0-3, 7, 9"."""
    if not all(id_.isdecimal() for id_ in ids):
        return ", ".join(ids)
    numbered = enumerate(sorted(map(int, ids)))
    runs = [[n for _, n in run] for _, run in groupby(numbered, lambda at: at[1] - at[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _already(body: Json) -> list[str]:
    said = "The scale set's model names that image already: only instances are moved."
    return ["", said] if body.get("modelAlreadySet") else []


def _batches(batches: list[Json]) -> Iterator[str]:
    if not batches:
        yield "Nothing is to be moved."
        yield ""
        return
    yield "| batch | where | instances |"
    yield "|---:|---|---|"
    for batch in batches:
        ids = _texts(batch, "instanceIds")
        canary = ", canary" if batch.get("canary") else ""
        where = f"{_place(batch)}{canary}"
        yield f"| {batch.get('number')} | {where} | {len(ids)}: {text(ranges(ids))} |"
    yield ""


def _facts(body: Json) -> Iterator[str]:
    batches, cost = _lines(body, "batches"), _part(body, "cost")
    moved = sum(len(_texts(batch, "instanceIds")) for batch in batches)
    took = f"{_length(cost.get('shortest'))} to {_length(cost.get('longest'))}"
    yield f"- {moved} of {body.get('total', 0)} instance(s) in {len(batches)} batch(es), {took}"
    up = f"{body.get('worstCaseCapacity')} ({body.get('worstCaseCapacityPercent')} %)"
    yield f"- at the worst moment {body.get('worstCaseDown')} are down, and {up} are up"
    yield f"- health comes from: {text(body.get('healthSource', ''))}"
    skipped = sorted(_lines(body, "skipped"), key=lambda skip: str(skip.get("reason")))
    for reason, skips in groupby(skipped, lambda skip: str(skip.get("reason"))):
        ids = [str(skip.get("instanceId")) for skip in skips]
        yield f"- left alone: {text(ranges(ids))} ({text(reason)})"


def _place(batch: Json) -> str:
    names = {"zone": "zone", "updateDomain": "update domain", "faultDomain": "fault domain"}
    parts = [f"{said} {batch[name]}" for name, said in names.items() if batch.get(name) is not None]
    return text(", ".join(parts) or "all instances")


def _image(image: Json) -> str:
    """A URN as it is, an ARM id or a URI by its names."""
    if uri := str(image.get("uri") or ""):
        return uri.rpartition("/")[2]
    parts = (image.get(name) for name in ("publisher", "offer", "sku", "version"))
    names = str(image.get("id") or "").split("/")[8::2] or list(parts)
    return ":".join(str(name) for name in names if name)


def _length(duration: object) -> str:
    """PT1H5M as people say it: "1 h 5 min"."""
    parts = re.findall(r"(\d+)([DHMS])", str(duration or ""))
    return " ".join(f"{count} {_UNITS[unit]}" for count, unit in parts)


def _cut(lines: list[str]) -> str:
    page = "\n".join(lines)
    if len(page) <= _LONGEST:
        return page + "\n"
    return page[:_LONGEST].rpartition("\n")[0] + "\n\nCut here: the whole is `vmss-rollout plan`.\n"


def _part(body: Json, name: str) -> Json:
    found: object = body.get(name)
    return cast("Json", found) if isinstance(found, dict) else {}


def _lines(body: Json, name: str) -> list[Json]:
    found: object = body.get(name)
    return cast("list[Json]", found) if isinstance(found, list) else []


def _texts(body: Json, name: str) -> list[str]:
    found: object = body.get(name)
    return [str(word) for word in cast("list[object]", found)] if isinstance(found, list) else []
