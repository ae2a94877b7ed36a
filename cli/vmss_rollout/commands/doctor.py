"""doctor and completion: what helps when something does not work yet."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vmss_rollout import exits
from vmss_rollout.diagnosis import examine
from vmss_rollout.session import NAME, session_of
from vmss_rollout.terminal.icons import Icon

_MARKS = {
    True: Icon("✓", "+", "green"),
    False: Icon("✗", "x", "bold red"),
    None: Icon("?", "?", "yellow"),
}


class Syntax(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(completion)


def doctor(
    context: typer.Context,
    scale_set: Annotated[
        str, typer.Argument(metavar="SET", help="A scale set to look at, too.")
    ] = "",
) -> None:
    """What is wrong, and what to do about it. It looks at the app, and at a scale set."""
    session = session_of(context)
    wrong = False
    for finding in examine(session, scale_set):
        wrong = wrong or finding.good is False
        mark = _MARKS[finding.good]
        line = Table.grid(padding=(0, 1))
        line.add_row(
            Text(mark.shown(ascii_only=session.out.options.ascii_only), mark.style),
            Text(finding.what, overflow="fold"),
        )
        session.out.print(line)
        if not finding.good and finding.fix:
            session.out.print(Padding.indent(Text(finding.fix, overflow="fold"), 2))
    raise typer.Exit(exits.FAILED if wrong else exits.SUCCEEDED)


def completion(
    context: typer.Context,
    syntax: Annotated[
        Syntax, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")
    ],
) -> None:
    """A script for your shell. It completes commands, ids and names."""
    from typer._completion_shared import get_completion_script

    variable = "_VMSS_ROLLOUT_COMPLETE"
    script = get_completion_script(prog_name=NAME, complete_var=variable, shell=syntax.value)
    session_of(context).raw(script)
