"""rehearse."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vmss_rollout.command_error import UsageError
from vmss_rollout.commands.arguments import SetName
from vmss_rollout.commands.starting import (
    Image,
    Policy,
    Preset,
    Set,
    naming_images,
    request_of,
    start_command,
)
from vmss_rollout.output import Format, Output, put
from vmss_rollout.rehearsal import faults
from vmss_rollout.rules import Rules
from vmss_rollout.session import Session, session_of
from vmss_rollout.values import Json

if TYPE_CHECKING:
    from vmss_rollout.rehearsal.from_files import Files
    from vmss_rollout.rehearsal.reading import Reading

Fault = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="FAULT",
        help="What goes wrong, such as bad-image or 3=fails@10m: see below.",
    ),
]
Show = Annotated[
    Path | None, typer.Option(help="Offline: what 'az vmss show' has written.", metavar="FILE")
]
Instances = Annotated[
    Path | None,
    typer.Option(
        help="Offline: what 'az vmss list-instances --expand instanceView' has written.",
        metavar="FILE",
    ),
]
Views = Annotated[
    Path | None,
    typer.Option(
        help="Offline: what 'az vmss get-instance-view --instance-id *' has written, if the "
        "instances have no views.",
        metavar="FILE",
    ),
]
Upgrade = Annotated[
    str,
    typer.Option(
        metavar="LENGTH", help="How long an upgrade takes; else as in earlier rollouts, else 4m."
    ),
]
Boot = Annotated[
    str,
    typer.Option(
        metavar="LENGTH", help="How long booting takes; else as in earlier rollouts, else 90s."
    ),
]
Approve = Annotated[bool, typer.Option("--approve", help="Approvals are given at once.")]
KeepWaiting = Annotated[
    bool, typer.Option("--keep-waiting", help="Nobody comes, however long it waits.")
]


def add_to(app: typer.Typer) -> None:
    app.command(epilog=faults.listed())(rehearse)


def rehearse(
    context: typer.Context,
    scale_set: SetName,
    image: Image,
    typed_faults: Fault = None,
    show: Show = None,
    instances: Instances = None,
    views: Views = None,
    upgrade: Upgrade = "",
    boot: Boot = "",
    approve: Approve = False,
    keep_waiting: KeepWaiting = False,
    policy: Policy = None,
    preset: Preset = "",
    settings: Set = None,
    output: Output = Format.TABLE,
) -> None:
    """Play a rollout on a simulated copy. It takes seconds, and changes nothing."""
    from vmss_rollout.rehearsal.process import app_folder
    from vmss_rollout.rehearsal.rehearsing import Wish, report_of
    from vmss_rollout.rehearsal.timings import timings

    app_folder()
    faults.refuse_unknown(typed_faults or [])
    session = session_of(context)
    files = _files(show, instances, views)
    rules = Rules(policy, preset, settings or [])
    wanted = rules.policy(session)
    with naming_images(scale_set):
        reading = _reading(session, scale_set, image, wanted, files)
    times = timings(session.client if reading.plan else None, reading.copied.arm_id, upgrade, boot)
    wish = Wish(typed_faults or [], approve=approve, keep_waiting=keep_waiting)

    def command(mark: str) -> str:
        return start_command(scale_set, image, rules, mark)

    report = report_of(session, reading, times, wish, command, output)
    put(session, output, report.document(), report.printed)
    raise typer.Exit(report.code)


def _reading(
    session: Session, scale_set: str, image: str, policy: Json, files: "Files | None"
) -> "Reading":
    from vmss_rollout.rehearsal.reading import offline, through_app

    if files is None:
        return through_app(session, request_of(session, scale_set, image, policy))
    return offline(files, scale_set, image, policy)


def _files(show: Path | None, instances: Path | None, views: Path | None) -> "Files | None":
    from vmss_rollout.rehearsal.from_files import Files

    if show and instances:
        return Files(show, instances, views)
    if show or instances or views:
        raise UsageError(
            "Offline it takes both the scale set and its instances.",
            "Give --show and --instances: docs/rehearse.md has the two commands of az.",
        )
    return None
