"""The event log: printed, followed, and read for the last decision."""

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vmss_rollout import runbook
from vmss_rollout.command_error import NOT_FOUND, CommandError, left, vanished
from vmss_rollout.output import Format, put
from vmss_rollout.paths import FLEETS, within
from vmss_rollout.session import Session
from vmss_rollout.terminal.icons import of_phase
from vmss_rollout.values import Json, harmless, moment, number, part, text
from vmss_rollout.view import View

_BETWEEN_LOOKS = 5.0
_LAST = 2
_SHORT = 200
"""Characters of a piece of evidence; all of it is in -o json."""


def show(session: Session, path: str, output: Format, *, following: bool) -> None:
    """Put the log of what stands at that path; if it is followed, also what comes."""
    if following:
        _followed(session, path, output)
        return
    found = session.client.listed(f"{path}/events")
    put(session, output, found, lambda: printed(found))


def printed(events: list[Json]) -> RenderableType:
    """A line per event: when, and what."""
    table = Table.grid(padding=(0, 2))
    for event in events:
        table.add_row(Text(_when(event), "dim"), Text(_said(event), overflow="fold"))
    return table


def _said(event: Json) -> str:
    """What it says; of a wait that has gone on, also how often and until when."""
    until = moment(event, "until")
    again = f" ({number(event, 'times')} times, until {until:%H:%M:%SZ})" if until else ""
    return text(event, "message") + again


def explain(session: Session, kind: str, view: View, body: Json, output: Format) -> None:
    """Put why it stands where it stands; `kind` is the path of its kind."""
    events = session.client.listed(kind + within(view.id, "events"))
    answer = {name: body.get(name) for name in ("id", "phase", "message", "needs", "consequences")}
    said, states = [view.message, view.needed], [text(part(body, "needs"), "what"), view.phase]
    advice = runbook.entry(said, states)
    shown = answer | {"events": events[-_LAST:], "runbook": advice or None}
    put(session, output, shown, lambda: _reasons(view, events, advice))


def _reasons(view: View, events: list[Json], advice: str) -> RenderableType:
    """Where it stands, what it needs, what could be said, and the last decisions with evidence."""
    icon = of_phase(view.phase)
    return Group(
        Text(f"{view.id}: {view.phase}", icon.style).append(
            f"\n{view.message}", "default not bold"
        ),
        *([Text(view.needed, "yellow")] if view.needed else []),
        *(
            Padding.indent(Text(f"{verb}: {said}", "cyan"), 2)
            for verb, said in view.consequences.items()
        ),
        "",
        *(shown for event in events[-_LAST:] for shown in _with_evidence(event)),
        *([""] if events else []),
        Text("What to do about it:" if advice else "Other messages, and what to do:", "dim"),
        Text(advice or runbook.PAGE, no_wrap=True, overflow="ignore"),
    )


def _followed(session: Session, path: str, output: Format) -> None:
    """Follow it, until it ends or whoever reads it has enough."""
    try:
        _follow(session, path, output)
    except KeyboardInterrupt as interrupt:
        id_ = path.rpartition("/")[2]
        kind = "fleet events" if path.startswith(FLEETS) else "events"
        raise left(id_, f"vmss-rollout {kind} {id_} -f") from interrupt


def _follow(session: Session, path: str, output: Format) -> None:
    """Print what comes, until the rollout has ended and all of it was read."""
    after: dict[str, int] = {}
    while True:
        try:
            ended = moment(session.client.get(path), "finishedAt") is not None
            came = session.client.listed(f"{path}/events", after=_mark(after))
        except CommandError as error:
            if error.status == NOT_FOUND and after:
                raise vanished(path.rpartition("/")[2]) from error
            if not error.passing:
                raise
            session.pause(_BETWEEN_LOOKS)
            continue
        if came:
            _put(session, output, came)
            after |= _last(came)
        if ended:
            return
        session.pause(_BETWEEN_LOOKS)


def _mark(after: dict[str, int]) -> str | None:
    """How far it was read: the last number of each part of the log."""
    return ",".join(f"{part}:{last}" for part, last in after.items()) or None


def _last(events: list[Json]) -> dict[str, int]:
    ordered = sorted(events, key=lambda event: number(event, "number"))
    return {text(event, "part") or "0": number(event, "number") for event in ordered}


def _put(session: Session, output: Format, came: list[Json]) -> None:
    """As it comes, json is a document per line, too: nobody waits for the end of a list."""
    written = Format.JSONL if output is Format.JSON else output
    put(session, written, came, lambda: printed(came))


def _when(event: Json) -> str:
    at = moment(event, "at")
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at else ""


def _with_evidence(event: Json) -> Iterator[RenderableType]:
    yield Text(_when(event), "dim").append(f"  {_said(event)}", "not dim")
    for name, value in part(event, "evidence").items():
        if value not in (None, False, "", [], {}):
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            said = harmless(said)
            short = f"{name}: {said[:_SHORT]}{'…' if len(said) > _SHORT else ''}"
            yield Padding.indent(Text(short, "dim"), 4)
