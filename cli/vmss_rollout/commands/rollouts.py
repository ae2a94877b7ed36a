"""list, show, instances, events, why: what there is to read of rollouts."""

from typing import Annotated

import typer

from vmss_rollout import listing, names
from vmss_rollout.commands.arguments import RolloutName
from vmss_rollout.events import explain
from vmss_rollout.events import show as show_events
from vmss_rollout.output import Format, Output, put
from vmss_rollout.paths import ROLLOUTS, within
from vmss_rollout.session import session_of
from vmss_rollout.terminal.screen import Screen
from vmss_rollout.values import moment, text
from vmss_rollout.view import View


def add_to(app: typer.Typer) -> None:
    app.command("list")(listed)
    app.command()(show)
    app.command()(instances)
    app.command()(events)
    app.command()(why)


def listed(
    context: typer.Context,
    *,
    active: Annotated[bool, typer.Option("--active", help="Only what goes on.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only what has failed.")] = False,
    phase: Annotated[str, typer.Option(metavar="PHASE", help="Only this phase.")] = "",
    top: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """The rollouts: who needs somebody first."""
    session = session_of(context)
    wanted = "Failed" if failed else phase
    found = session.client.listed(ROLLOUTS, phase=wanted, top=top)
    if active:
        found = [line for line in found if moment(line, "finishedAt") is None]
    if not found and output is Format.TABLE:
        session.say("There are none. Start one: vmss-rollout start SET IMAGE")
        return
    put(session, output, found, lambda: listing.rollouts(found))


def show(context: typer.Context, name: RolloutName, output: Output = Format.TABLE) -> None:
    """A rollout as it is now."""
    session = session_of(context)
    body = names.rollout(session.client, name)
    put(session, output, body, lambda: Screen(View.of_rollout(body)))


def instances(
    context: typer.Context,
    name: RolloutName,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that have failed.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """The instances of a rollout."""
    session = session_of(context)
    body = names.rollout(session.client, name)
    rows = session.client.listed(ROLLOUTS + within(text(body, "id"), "instances"))
    shown = [row for row in rows if not failed or text(row, "state") == "failed"]
    put(session, output, shown, lambda: listing.instances(shown))


def events(
    context: typer.Context,
    name: RolloutName,
    *,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on until it ends.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """The event log, oldest first."""
    session = session_of(context)
    path = ROLLOUTS + within(text(names.rollout(session.client, name), "id"))
    show_events(session, path, output, following=following)


def why(context: typer.Context, name: RolloutName, output: Output = Format.TABLE) -> None:
    """Why it stands there, and what to do. The last decisions with their evidence."""
    session = session_of(context)
    body = names.rollout(session.client, name)
    explain(session, ROLLOUTS, View.of_rollout(body), body, output)
