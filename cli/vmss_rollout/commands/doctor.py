"""doctor and completion: what helps when something does not work yet."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from vmss_rollout import exits
from vmss_rollout.diagnosis import examine
from vmss_rollout.session import NAME, session_of


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
        str, typer.Argument(metavar="[SET]", help="A scale set to look at, too.")
    ] = "",
) -> None:
    """Look whether everything is as it should be, and say what to do if not."""
    session = session_of(context)
    good = True
    for finding in examine(session, scale_set):
        good = good and finding.good
        mark, style = ("✓", "green") if finding.good else ("✗", "bold red")
        session.out.print(Text(f"{mark} ", style).append(finding.what, "default not bold"))
        if not finding.good and finding.fix:
            session.out.print(Text(f"  {finding.fix}"))
    raise typer.Exit(exits.SUCCEEDED if good else exits.FAILED)


def completion(
    context: typer.Context,
    syntax: Annotated[
        Syntax, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")
    ],
) -> None:
    """Print the shell's script for completion of commands, ids and names."""
    from typer._completion_shared import get_completion_script

    variable = "_VMSS_ROLLOUT_COMPLETE"
    script = get_completion_script(prog_name=NAME, complete_var=variable, shell=syntax.value)
    session_of(context).raw(script)
