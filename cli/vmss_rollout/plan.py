"""A plan as people read it: the batches, who is left alone, the worst moment, the time it takes."""

from collections.abc import Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from vmss_rollout import images
from vmss_rollout.names import grouped
from vmss_rollout.table import Column, Table
from vmss_rollout.values import Json, counted, duration, lines, number, part, spoken, text, words
from vmss_rollout.view import place


def rollout_plan(plan: Json, command: str) -> RenderableType:
    """The plan of a rollout; `command` is what starts exactly it."""
    return Group(
        _change(part(plan, "image"), plan),
        "",
        *([_batches(lines(plan, "batches")), ""] if lines(plan, "batches") else []),
        *_skipped(lines(plan, "skipped")),
        *(Text(line) for line in _facts(plan)),
        *(Text(line) for line in _opening(part(plan, "opening"))),
        *(Text(line) for line in _tried("Gate", lines(plan, "gates"))),
        *(Text(line) for line in _tried("Hook", lines(plan, "hooks"))),
        *(Text(line) for line in _news(lines(plan, "news"))),
        *(Text(f"Warning: {warning}", "yellow") for warning in words(plan, "warnings")),
        "",
        Text("To start exactly this:", "dim"),
        Text(command, no_wrap=True, overflow="ignore"),
    )


def fleet_plan(plan: Json, command: str) -> RenderableType:
    """The plan of a fleet rollout, wave by wave."""
    return Group(
        Text(f"To {images.short(part(plan, 'image'))}", "bold"),
        *(part_ for wave in lines(plan, "waves") for part_ in _wave(wave)),
        "",
        Text(
            f"{counted(number(plan, 'instances'), 'instance')}, {_time(plan)}; "
            f"{number(plan, 'worstCaseDown')} down at the worst moment."
        ),
        *(Text(line) for line in _tried("Gate", lines(plan, "gates"))),
        "",
        Text("To start exactly this:", "dim"),
        Text(command, no_wrap=True, overflow="ignore"),
    )


def ranges(ids: list[str]) -> str:
    """Instance ids in few words: "0-3, 7, 9"."""
    if not all(id_.isdecimal() for id_ in ids):
        return ", ".join(ids)
    numbered = enumerate(sorted(map(int, ids)))
    runs = [[n for _, n in run] for _, run in groupby(numbered, lambda at: at[1] - at[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _change(image: Json, plan: Json) -> Text:
    change = images.change(part(image, "from"), part(image, "to"), "→")
    already = plan.get("modelAlreadySet")
    remark = "\nThe scale set's model names that image already." if already else ""
    return Text(change, "bold").append(remark, "not bold")


def _batches(batches: list[Json]) -> Table:
    return Table(
        [
            Column("BATCH", [text(batch, "number") for batch in batches], right=True),
            Column("WHERE", [place(batch) for batch in batches], 5),
            Column("", ["canary" if batch.get("canary") else "" for batch in batches], 6),
            Column(
                "COUNT", [str(len(words(batch, "instanceIds"))) for batch in batches], right=True
            ),
            Column(
                "INSTANCES", [ranges(words(batch, "instanceIds")) for batch in batches], folds=True
            ),
        ]
    )


def _skipped(skipped: list[Json]) -> Iterator[RenderableType]:
    by_reason = sorted(skipped, key=lambda skip: text(skip, "reason"))
    for reason, skips in groupby(by_reason, lambda skip: text(skip, "reason")):
        ids = [text(skip, "instanceId") for skip in skips]
        yield Text(f"Left alone: {ranges(ids)} ({reason})")


def _facts(plan: Json) -> Iterator[str]:
    moved = sum(len(words(batch, "instanceIds")) for batch in lines(plan, "batches"))
    batches = f"{counted(len(lines(plan, 'batches')), 'batch')}, {_time(part(plan, 'cost'))}"
    yield f"{moved} of {counted(number(plan, 'total'), 'instance')} in {batches}."
    up = f"{number(plan, 'worstCaseCapacity')} ({number(plan, 'worstCaseCapacityPercent')} %)"
    down = number(plan, "worstCaseDown")
    yield f"At the worst moment: {counted(down, 'instance')} down, {up} up."
    yield f"Health comes from: {text(plan, 'healthSource')}."


def _opening(opening: Json) -> Iterator[str]:
    if opening:
        yield f"{text(opening, 'message')}."


def _tried(noun: str, gates: list[Json]) -> Iterator[str]:
    for gate in gates:
        said = [text(gate, name) for name in ("kind", "place", "weight")]
        where = ", ".join(word for word in said if word)
        yield f"{noun} {text(gate, 'name')} ({where}) {text(gate, 'message')}".rstrip()


def _news(news: list[Json]) -> Iterator[str]:
    """Who will be told of it; who hears of the same stands together."""
    heard: dict[str, list[str]] = {}
    for each in news:
        kinds = ", ".join(words(each, "kinds")) or "everything"
        heard.setdefault(kinds, []).append(text(each, "name"))
    groups = [f"{', '.join(names)} ({kinds})" for kinds, names in heard.items()]
    if groups:
        yield f"Told of it: {'; '.join(groups)}."


def _wave(wave: Json) -> Iterator[RenderableType]:
    members = lines(wave, "scaleSets")
    yield ""
    yield Text(f"Wave {text(wave, 'name')}: {_time(wave)}", "bold")
    yield Table(
        [
            Column("SCALE SET", [grouped(text(member, "scaleSet")) for member in members]),
            Column("BATCHES", [text(member, "batches") for member in members], 4, right=True),
            Column("INSTANCES", [text(member, "instances") for member in members], 6, right=True),
            Column("SKIPPED", [text(member, "skipped") for member in members], 3, right=True),
            Column("TIME", [_time(member) for member in members], 5),
            Column("REMARKS", [_remarks(member) for member in members], 8, folds=True),
        ]
    )


def _remarks(member: Json) -> str:
    refusal = text(member, "refusal")
    said = [f"Would be refused: {refusal}"] if refusal else []
    return "\n".join([*said, *words(member, "warnings")])


def _time(cost: Json) -> str:
    shortest, longest = duration(cost, "shortest"), duration(cost, "longest")
    if shortest is None or longest is None:
        return ""
    least, most = spoken(shortest), spoken(longest)
    return most if least == most else f"{least} to {most}"
