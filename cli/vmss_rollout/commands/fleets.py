"""fleet: rollouts of many scale sets in waves, from a file."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from vmss_rollout import images, listing, names
from vmss_rollout import plan as plans
from vmss_rollout.command_error import UsageError
from vmss_rollout.commands import verbs
from vmss_rollout.commands.arguments import By, FleetName, KeepWaiting, Reason, Wait, Yes
from vmss_rollout.documents import document
from vmss_rollout.events import explain
from vmss_rollout.events import show as show_events
from vmss_rollout.launching import launch
from vmss_rollout.output import Format, Output, put
from vmss_rollout.paths import FLEETS, within
from vmss_rollout.session import Session, session_of
from vmss_rollout.terminal.screen import Screen
from vmss_rollout.values import Json, items, lines, moment, text
from vmss_rollout.view import View
from vmss_rollout.watching import Kind, Watch

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="YAML or JSON, with the fields of the request.")
]


def add_to(app: typer.Typer) -> None:
    said = "Many scale sets in waves, from a file."
    group = typer.Typer(help=said, no_args_is_help=True)
    group.command("list")(listed)
    group.command()(show)
    group.command()(sets)
    group.command()(events)
    group.command()(why)
    group.command()(plan)
    group.command()(start)
    group.command()(watch)
    verbs.add_to_fleet(group)
    app.add_typer(group, name="fleet")


def listed(
    context: typer.Context,
    *,
    active: Annotated[bool, typer.Option("--active", help="Only what goes on.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """Fleet rollouts: who needs somebody first."""
    session = session_of(context)
    found = session.client.listed(FLEETS)
    if active:
        found = [line for line in found if moment(line, "finishedAt") is None]
    if not found and output is Format.TABLE:
        session.say("There are none. Start one: vmss-rollout fleet start FILE")
        return
    put(session, output, found, lambda: listing.fleets(found))


def show(context: typer.Context, name: FleetName, output: Output = Format.TABLE) -> None:
    """A fleet rollout as it is now. A row is a wave, a cell is a scale set."""
    session = session_of(context)
    body = names.fleet(session.client, name)
    put(session, output, body, lambda: Screen(View.of_fleet(body)))


def sets(context: typer.Context, name: FleetName, output: Output = Format.TABLE) -> None:
    """The scale sets of a fleet rollout."""
    session = session_of(context)
    body = names.fleet(session.client, name)
    rows = session.client.listed(FLEETS + within(text(body, "id"), "scale-sets"))
    put(session, output, rows, lambda: listing.members(rows))


def events(
    context: typer.Context,
    name: FleetName,
    *,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on until it ends.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """Its event log, oldest first."""
    session = session_of(context)
    path = FLEETS + within(text(names.fleet(session.client, name), "id"))
    show_events(session, path, output, following=following)


def why(context: typer.Context, name: FleetName, output: Output = Format.TABLE) -> None:
    """Why it stands there, and what to do. The last decisions with their evidence."""
    session = session_of(context)
    body = names.fleet(session.client, name)
    explain(session, FLEETS, View.of_fleet(body), body, output)


def plan(context: typer.Context, file: File, output: Output = Format.TABLE) -> None:
    """What it would do; changes nothing."""
    session = session_of(context)
    found = session.client.plan(f"{FLEETS}/plan", _request(session, file))
    command = _command(file, text(found, "fingerprint"))
    put(session, output, found, lambda: plans.fleet_plan(found, command))


def start(
    context: typer.Context,
    file: File,
    mark: Annotated[
        str,
        typer.Option(
            "--plan", metavar="MARK", help="Only if the plan is still the one of this fingerprint."
        ),
    ] = "",
    reason: Reason = "",
    by: By = "",
    id_: Annotated[
        str,
        typer.Option("--id", metavar="ID", help="Its id; else the file's, or made from its name."),
    ] = "",
    wait: Wait = False,
    keep_waiting: KeepWaiting = False,
    yes: Yes = False,
    output: Output = Format.TABLE,
) -> None:
    """Start a fleet rollout."""
    session = session_of(context)
    request = _request(session, file)
    if session.ask and not (yes or mark):
        found = session.client.plan(f"{FLEETS}/plan", request)
        mark = text(found, "fingerprint")
        session.out.print(plans.fleet_plan(found, _command(file, mark)), "", crop=False)
        if not session.agreed("Start it?", yes=False):
            session.say("Nothing was started.")
            return
    made = text(request, "id") or f"{file.stem}-{session.now():%Y%m%d-%H%M%S}"
    who = session.by(by or text(request, "by"))
    given = {"id": id_ or made, "plan": mark, "reason": reason, "by": who}
    body = request | {field: value for field, value in given.items() if value}
    raise typer.Exit(launch(session, FLEETS, body, output, wait=wait, keep_waiting=keep_waiting))


def watch(
    context: typer.Context,
    name: FleetName,
    keep_waiting: KeepWaiting = False,
    output: Output = Format.TABLE,
) -> None:
    """Watch a fleet rollout to its end. On a terminal, keys are verbs."""
    session = session_of(context)
    id_ = text(names.fleet(session.client, name), "id")
    raise typer.Exit(
        Watch(session, Kind.FLEET, id_, output, keep_waiting=keep_waiting, driven=True).run()
    )


def _request(session: Session, file: Path) -> Json:
    """What the file says; an image and scale sets may be given as people type them."""
    body = document(file)
    image = body.get("image")
    if isinstance(image, int | float):
        raise UsageError(f"In {file}, the image is a number: {image}.", "Put it in quotes.")
    typed = {"image": images.requested(image)} if isinstance(image, str) else {}
    waves = [_wave(session, wave) for wave in lines(body, "waves")]
    return body | typed | ({"waves": waves} if "waves" in body else {})


def _wave(session: Session, wave: Json) -> Json:
    if not isinstance(wave.get("scaleSets"), list):
        return wave
    typed = [str(name) for name in items(wave["scaleSets"])]
    return wave | {"scaleSets": [names.scale_set(session.client, name) for name in typed]}


def _command(file: Path, mark: str) -> str:
    return shlex.join(["vmss-rollout", "fleet", "start", str(file), "--plan", mark])
