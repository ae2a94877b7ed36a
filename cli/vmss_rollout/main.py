"""From the words typed to the exit code; nothing that goes wrong is a stack trace."""

from collections.abc import Sequence
from typing import Annotated

import typer

from vmss_rollout import exits
from vmss_rollout.command_error import CommandError
from vmss_rollout.commands import (
    contexts,
    doctor,
    fleets,
    followed,
    line,
    news,
    rehearse,
    rollouts,
    scale_sets,
    starting,
    verbs,
    watching,
)
from vmss_rollout.session import NAME, Session, session_of


def _show_version(context: typer.Context, *, wanted: bool) -> None:
    if wanted:
        session_of(context).raw(f"{NAME} {_version()}")
        raise typer.Exit


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(NAME)
    except PackageNotFoundError:
        return "(not installed)"


app = typer.Typer(
    help="Plan, start, watch and drive rollouts of Azure scale sets.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rollouts.add_to(app)
watching.add_to(app)
verbs.add_to(app)
line.add_to(app)
starting.add_to(app)
rehearse.add_to(app)
scale_sets.add_to(app)
fleets.add_to(app)
followed.add_to(app)
news.add_to(app)
contexts.add_to(app)
doctor.add_to(app)


@app.callback()
def _options(
    context: typer.Context,
    to_app: Annotated[
        str,
        typer.Option("--app", metavar="APP", help="The app: the name of a context, or an address."),
    ] = "",
    *,
    _version_wanted: Annotated[
        bool,
        typer.Option(
            "--version", help="The version of this command.", is_eager=True, callback=_show_version
        ),
    ] = False,
) -> None:
    session_of(context).option = to_app


_HELP = "Usage: "


def main(arguments: Sequence[str], session: Session) -> int:
    """Do what the words say; returns the exit code."""
    try:
        return _called(arguments, session)
    except CommandError as error:
        return _complain(session, error)
    except typer.TyperException as error:
        return _complain(session, _usage(error))
    except (KeyboardInterrupt, typer.Abort):
        return _complain(session, _interrupted())
    except BrokenPipeError:
        return exits.FAILED
    except Exception as error:  # noqa: BLE001 - whoever sits here is no programmer of ours
        return _complain(session, _unexpected(error, session))
    finally:
        session.close()


def _called(arguments: Sequence[str], session: Session) -> int:
    command = typer.main.get_command(app)
    code = command.main(list(arguments), NAME, standalone_mode=False, obj=session)
    if code == exits.INTERRUPTED:
        raise _interrupted()
    return code if isinstance(code, int) else exits.SUCCEEDED


def _complain(session: Session, error: CommandError) -> int:
    if error.sentence.startswith(_HELP):  # typer gives it for a command that is not finished
        session.err.print(error.sentence)
        return error.code
    session.err.print(error.sentence, style="red")
    if error.next_step:
        session.err.print(error.next_step)
    return error.code


def _usage(error: typer.TyperException) -> CommandError:
    command = getattr(getattr(error, "ctx", None), "command_path", NAME)
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return CommandError(said, f"What it takes: {command} --help", exits.USAGE)


def _interrupted() -> CommandError:
    return CommandError(
        "Interrupted. Rollouts go on in the app.", f"See them: {NAME} list", exits.INTERRUPTED
    )


def _unexpected(error: Exception, session: Session) -> CommandError:
    if session.environ.get("VMSS_ROLLOUT_DEBUG"):
        raise error
    return CommandError(
        f"Something is wrong with this command itself: {type(error).__name__}: {error}",
        "Rollouts are not touched by that. With VMSS_ROLLOUT_DEBUG=1 it says where.",
    )
