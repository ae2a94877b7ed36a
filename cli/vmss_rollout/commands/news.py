"""news: who is told, what was not delivered, and a test of it."""

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from vmss_rollout import exits, listing
from vmss_rollout.output import Format, Output, put
from vmss_rollout.session import session_of
from vmss_rollout.values import Json, lines

_NOBODY = "Nobody is told: the setting ROLLOUT_NEWS names no receiver (docs/news.md)."


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Who is told, and what did not arrive.",
        invoke_without_command=True,
    )
    group.callback()(news)
    group.command("test")(send_test)
    app.add_typer(group, name="news")


def news(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Who is told, and what did not arrive."""
    if context.invoked_subcommand:
        return
    session = session_of(context)
    found = session.client.get("/news")
    if not lines(found, "receivers") and output is Format.TABLE:
        session.say(_NOBODY)
        return
    put(session, output, found, lambda: _report(found))


def send_test(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Send everybody a test. The exit code is 1 if somebody did not take it."""
    session = session_of(context)
    found = session.client.tried("/news/test")
    put(session, output, found, lambda: listing.tested(found))
    taken = all(line.get("delivered") for line in found)
    raise typer.Exit(exits.SUCCEEDED if taken else exits.FAILED)


def _report(found: Json) -> RenderableType:
    """Who is told; then what waits and what was given up, if there is any."""
    parts = [("waiting", "Waiting to be taken:"), ("givenUp", "Given up:")]
    there = [(title, lines(found, name)) for name, title in parts if lines(found, name)]
    return Group(
        listing.receivers(lines(found, "receivers")),
        *(
            part
            for title, listed in there
            for part in ("", Text(title, "yellow"), listing.undelivered(listed))
        ),
    )
