"""pause, resume, approve, retry, skip, abort, rollback, break-glass: what is said to a rollout."""

from typing import Annotated

import typer

from vmss_rollout import names
from vmss_rollout.commands.arguments import By, FleetName, Reason, RolloutName, Yes
from vmss_rollout.output import Format, Output
from vmss_rollout.paths import FLEETS, ROLLOUTS
from vmss_rollout.session import session_of
from vmss_rollout.values import Json
from vmss_rollout.verb import say

_HELP = {
    "pause": "Begin nothing more until it is resumed.",
    "resume": "Go on after a pause.",
    "approve": "Let what waits for approval begin.",
    "retry": "Try again; go on with what broke off.",
    "skip": "Give up the failed instances; go on.",
    "abort": "Begin nothing more; put nothing back.",
    "rollback": "Put back what was moved.",
    "breakGlass": "Wait for no window any more.",
}
_HELP_OF_FLEETS = {"skip": "Go on without a gate that cannot tell."}
_OF_INSTANCES = {"retry", "skip"}
_NAMES = {"breakGlass": "break-glass"}
"""Where the command is not called as the verb."""

Instances = Annotated[
    list[str] | None,
    typer.Option("--instance", metavar="ID", help="Only this instance; may be repeated."),
]


def add_to(app: typer.Typer) -> None:
    """A command per verb, for rollouts."""
    for verb, said in _HELP.items():
        add = _add_for_instances if verb in _OF_INSTANCES else _add
        add(app, verb, said)


def add_to_fleet(app: typer.Typer) -> None:
    """A command per verb, for fleet rollouts."""
    for verb, said in {**_HELP, **_HELP_OF_FLEETS}.items():
        _add_fleet(app, verb, said)


def _add(app: typer.Typer, verb: str, said: str) -> None:
    def command(
        context: typer.Context,
        name: RolloutName,
        reason: Reason = "",
        by: By = "",
        yes: Yes = False,
        output: Output = Format.TABLE,
    ) -> None:
        session = session_of(context)
        body = names.rollout(session.client, name)
        say(session, ROLLOUTS, body, verb, _command(reason, by), yes=yes, output=output)

    app.command(_NAMES.get(verb, verb), help=said)(command)


def _add_for_instances(app: typer.Typer, verb: str, said: str) -> None:
    def command(
        context: typer.Context,
        name: RolloutName,
        reason: Reason = "",
        by: By = "",
        instance: Instances = None,
        yes: Yes = False,
        output: Output = Format.TABLE,
    ) -> None:
        session = session_of(context)
        body = names.rollout(session.client, name)
        sent = _command(reason, by) | ({"instanceIds": instance} if instance else {})
        say(session, ROLLOUTS, body, verb, sent, yes=yes, output=output)

    app.command(verb, help=said)(command)


def _add_fleet(app: typer.Typer, verb: str, said: str) -> None:
    def command(
        context: typer.Context,
        name: FleetName,
        reason: Reason = "",
        by: By = "",
        yes: Yes = False,
        output: Output = Format.TABLE,
    ) -> None:
        session = session_of(context)
        body = names.fleet(session.client, name)
        say(session, FLEETS, body, verb, _command(reason, by), yes=yes, output=output)

    app.command(_NAMES.get(verb, verb), help=said)(command)


def _command(reason: str, by: str) -> Json:
    given = {"reason": reason, "by": by}
    return {name: value for name, value in given.items() if value}
