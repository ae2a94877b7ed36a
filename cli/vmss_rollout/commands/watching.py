"""watch: a rollout as it goes on."""

import typer

from vmss_rollout import names
from vmss_rollout.commands.arguments import KeepWaiting, RolloutName
from vmss_rollout.output import Format, Output
from vmss_rollout.session import session_of
from vmss_rollout.values import text
from vmss_rollout.watching import Kind, Watch


def add_to(app: typer.Typer) -> None:
    app.command()(watch)


def watch(
    context: typer.Context,
    name: RolloutName,
    keep_waiting: KeepWaiting = False,
    output: Output = Format.TABLE,
) -> None:
    """Watch a rollout to its end. On a terminal, keys are verbs, and leaving leaves it running."""
    session = session_of(context)
    id_ = text(names.rollout(session.client, name), "id")
    raise typer.Exit(
        Watch(session, Kind.ROLLOUT, id_, output, keep_waiting=keep_waiting, driven=True).run()
    )
