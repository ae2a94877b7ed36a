"""context: the apps that have a name, and their keys."""

from typing import Annotated

import typer

from vmss_rollout.app_context import AppContext, address
from vmss_rollout.command_error import UsageError
from vmss_rollout.session import session_of
from vmss_rollout.table import Column, Table

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a context.")]


def add_to(app: typer.Typer) -> None:
    said = "Apps by name, and their keys."
    group = typer.Typer(help=said, no_args_is_help=True)
    group.command()(add)
    group.command()(use)
    group.command("list")(listed)
    group.command()(key)
    app.add_typer(group, name="context")


def add(
    context: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(metavar="URL", help="The app's address.")],
    scope: Annotated[
        str,
        typer.Option(
            metavar="SCOPE",
            help="The scope of its tokens, if it asks for Entra ID: api://…/.default",
        ),
    ] = "",
) -> None:
    """Give an app a name, and use it from now on."""
    session = session_of(context)
    contexts = session.contexts
    contexts.apps[name] = AppContext(address(url), scope, name)
    contexts.current = name
    contexts.write()
    session.say(f"'{name}' is {contexts.apps[name].url}, and is used from now on.")
    if not contexts.apps[name].is_local:
        session.say(f"Keep its key: vmss-rollout context key {name}", "dim")


def use(context: typer.Context, name: Name) -> None:
    """Use this app from now on."""
    session = session_of(context)
    app = session.contexts.named(name)
    session.contexts.current = app.name or app.url
    session.contexts.write()
    session.say(f"'{name}' is used from now on.")


def listed(context: typer.Context) -> None:
    """The apps that have a name. The one that is used has a star."""
    session = session_of(context)
    contexts = session.contexts
    apps = list(contexts.apps.values())
    if not apps:
        session.say("There are none. Add one: vmss-rollout context add prod https://….")
        return
    stars = ["*" if app.name == contexts.current else " " for app in apps]
    session.out.print(
        Table(
            [
                Column("", stars),
                Column("NAME", [app.name for app in apps]),
                Column("APP", [app.url for app in apps]),
                Column("SCOPE", [app.scope for app in apps], 2),
            ]
        )
    )


def key(context: typer.Context, name: Name) -> None:
    """Keep the app's key in the system's keyring. It is read from the standard input,
    unseen on a terminal, and never from the command line.
    """
    session = session_of(context)
    app = session.contexts.named(name)
    try:
        value = session.secret(f"The function key of {app.url}: ").strip()
    except EOFError:
        value = ""
    if not value:
        raise UsageError("No key was given.", "Nothing has changed.")
    session.secrets.put(app.url, value)
    session.say(f"The key of {app.url} is in the system's keyring.")
