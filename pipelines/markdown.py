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


def fleet_plan(file: str, body: Json) -> str:
    """What a fleet rollout would do, wave by wave."""
    size = _counted(body.get("instances", 0), "instance")
    return _cut(
        [
            f"### Plan for {text(file)}",
            "",
            f"**To {text(_image(_part(body, 'image')))}**",
            "",
            "| wave | scale set | batches | instances | left alone | time |",
            "|---|---|---:|---:|---:|---|",
            *(line for wave in _lines(body, "waves") for line in _members(wave)),
            "",
            f"- {size}, {_took(body)}",
            f"- {body.get('worstCaseDown', 0)} down at the worst moment",
            *(line for wave in _lines(body, "waves") for line in _remarks(wave)),
            "",
            f"Starts exactly this: `plan: {text(body.get('fingerprint', ''))}`",
        ]
    )


def refusal(subject: str, image: str, said: str) -> str:
    """Why there is no plan."""
    lines = [f"> {text(line)}" for line in said.splitlines()]
    title = f"### No plan for {text(subject)}"
    return _cut([title, "", *([f"To {text(image)}:", ""] if image else []), *lines])


def outcome(view: Json, unit: str) -> str:
    """How a rollout ended, or what it waits for; its counts are of that unit."""
    title = f"### {text(view.get('id', ''))}: {text(view.get('phase', ''))}"
    counts = _part(view, "counts")
    done, total, failed, skipped = (
        counts.get(name, 0) for name in ("done", "total", "failed", "skipped")
    )
    counted = f"{done} of {_counted(total, unit)} done, {failed} failed, {skipped} left alone."
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
    whole, parts = _counted(body.get("total", 0), "instance"), _counted(len(batches), "batch")
    yield f"- {moved} of {whole} in {parts}, {_took(cost)}"
    up = f"{body.get('worstCaseCapacity')} ({body.get('worstCaseCapacityPercent')} %)"
    yield f"- at the worst moment {body.get('worstCaseDown')} are down, and {up} are up"
    yield f"- health comes from: {text(body.get('healthSource', ''))}"
    skipped = sorted(_lines(body, "skipped"), key=lambda skip: str(skip.get("reason")))
    for reason, skips in groupby(skipped, lambda skip: str(skip.get("reason"))):
        ids = [str(skip.get("instanceId")) for skip in skips]
        yield f"- left alone: {text(ranges(ids))} ({text(reason)})"


def _members(wave: Json) -> Iterator[str]:
    for member in _lines(wave, "scaleSets"):
        counts = (str(member.get(name, 0)) for name in ("batches", "instances", "skipped"))
        cells = [text(wave.get("name", "")), text(_set(member)), *counts, _took(member)]
        yield f"| {' | '.join(cells)} |"


def _remarks(wave: Json) -> Iterator[str]:
    for member in _lines(wave, "scaleSets"):
        if refusal := member.get("refusal"):
            yield f"- ⚠️ {text(_set(member))} would be refused: {text(refusal)}"
        for warning in _texts(member, "warnings"):
            yield f"- ⚠️ {text(_set(member))}: {text(warning)}"


def _set(member: Json) -> str:
    """group/name; Azure's lists have the group in capitals, whatever it is called."""
    group, *name = str(member.get("scaleSet", "")).split("/")[4::4] or [""]
    return "/".join([group.lower() if group.isupper() else group, *name])


def _took(cost: Json) -> str:
    least, most = (_length(cost.get(name)) for name in ("shortest", "longest"))
    return most if least == most else f"{least} to {most}"


def _counted(count: object, noun: str) -> str:
    many = "es" if noun == "batch" else "s"
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{many}"


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
