"""Arguments and options that several commands have."""

from typing import Annotated

import typer

from vmss_rollout.commands.completing import fleet_ids, rollout_ids, set_names

RolloutName = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A rollout's id, or the name of its scale set.",
        autocompletion=rollout_ids,
    ),
]
FleetName = Annotated[
    str, typer.Argument(metavar="ID", help="A fleet rollout's id.", autocompletion=fleet_ids)
]
SetName = Annotated[
    str,
    typer.Argument(
        metavar="SET", help="A scale set: web, demo/web, or its ARM id.", autocompletion=set_names
    ),
]
Reason = Annotated[str, typer.Option("--reason", "-m", metavar="TEXT", help="Why: for the log.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who, if not who is signed in here.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask once more.")]
Wait = Annotated[
    bool, typer.Option("--wait", "-w", help="Wait for the end; the exit code says which.")
]
KeepWaiting = Annotated[
    bool, typer.Option("--keep-waiting", help="Go on waiting when it waits for somebody.")
]
