"""stop-the-line, lift-the-line: the switch for the whole app."""

from typing import Annotated

import typer

from vmss_rollout.commands.arguments import By, Yes
from vmss_rollout.output import Format, Output, write
from vmss_rollout.session import Session, session_of
from vmss_rollout.values import Json, minute, moment, part, text

_LINE = "/stop-the-line"
Why = Annotated[str, typer.Option("--reason", "-m", metavar="TEXT", help="Why: for everybody.")]


def add_to(app: typer.Typer) -> None:
    app.command()(stop_the_line)
    app.command()(lift_the_line)


def stop_the_line(
    context: typer.Context,
    reason: Why,
    by: By = "",
    yes: Yes = False,
    output: Output = Format.TABLE,
) -> None:
    """Let nothing begin in the whole app. What is half done finishes its batch."""
    session = session_of(context)
    if session.ask and not yes:
        session.say("Nothing begins in the whole app. What is half done finishes its batch.")
    if _refused(session, "Stop the line?", yes=yes):
        return
    answer = session.client.post(_LINE, _body(session, reason, by))
    if output is not Format.TABLE:
        write(session, output, answer)
        return
    stop = part(answer, "stopped")
    since, by_whom = minute(moment(stop, "since")), text(stop, "by") or "an operator"
    session.say(f"The line has been stopped since {since}, by {by_whom}: {text(stop, 'reason')}")
    session.say('Let it go on: vmss-rollout lift-the-line -m "why"', "dim")


def lift_the_line(
    context: typer.Context,
    reason: Why,
    by: By = "",
    yes: Yes = False,
    output: Output = Format.TABLE,
) -> None:
    """Lift the line: what waited goes on."""
    session = session_of(context)
    if _refused(session, "Lift the line?", yes=yes):
        return
    answer = session.client.delete(_LINE, _body(session, reason, by))
    if output is not Format.TABLE:
        write(session, output, answer)
        return
    late = "It was told to be lifted, and is still stopped: look again."
    session.say(late if part(answer, "stopped") else "The line is not stopped.")


def _refused(session: Session, question: str, *, yes: bool) -> bool:
    """Whoever sits at the keyboard is asked first."""
    if yes or not session.ask or session.agreed(question, yes=False):
        return False
    session.say("Nothing was sent.")
    return True


def _body(session: Session, reason: str, by: str) -> Json:
    who = session.by(by)
    return {"reason": reason, **({"by": who} if who else {})}
