"""plan and start."""

import shlex
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from vmss_rollout import images, names
from vmss_rollout import plan as plans
from vmss_rollout.command_error import NOT_FOUND, CommandError, UsageError
from vmss_rollout.commands.arguments import By, KeepWaiting, Reason, SetName, Wait, Yes
from vmss_rollout.launching import launch
from vmss_rollout.near import near
from vmss_rollout.output import Format, Output, put
from vmss_rollout.paths import ROLLOUTS
from vmss_rollout.rules import Rules
from vmss_rollout.session import Session, session_of
from vmss_rollout.values import Json, lines, part, text

Image = Annotated[
    str,
    typer.Argument(
        metavar="IMAGE", help="A version, publisher:offer:sku:version, an ARM id, or https://….vhd."
    ),
]
Policy = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The policy: a YAML or JSON file.")
]
Preset = Annotated[str, typer.Option(metavar="NAME", help="The policy: one that has a name.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="A field of the policy: approval=start, canary.bake=PT10M. May be repeated.",
    ),
]
Gates = Annotated[
    list[str] | None,
    typer.Option(
        "--gate",
        metavar="URL[ CONDITION]",
        help="A gate: this URL is asked after each batch. May be repeated.",
    ),
]
Windows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        metavar="WINDOW",
        help="When batches may run: mon-fri 22:00-05:00 Europe/Berlin. May be repeated.",
    ),
]
PlanMark = Annotated[
    str,
    typer.Option(
        "--plan", metavar="MARK", help="Only if the plan is still the one of this fingerprint."
    ),
]


def add_to(app: typer.Typer) -> None:
    app.command()(plan)
    app.command()(start)


def plan(
    context: typer.Context,
    scale_set: SetName,
    image: Image,
    policy: Policy = None,
    preset: Preset = "",
    settings: Set = None,
    gates: Gates = None,
    windows: Windows = None,
    output: Output = Format.TABLE,
) -> None:
    """Only say what a rollout would do."""
    session = session_of(context)
    rules = Rules(policy, preset, settings or [], gates or [], windows or [])
    request = request_of(session, scale_set, image, rules.policy(session))
    with naming_images(scale_set):
        found = session.client.plan(f"{ROLLOUTS}/plan", request)
    mark = text(found, "fingerprint")
    command = start_command(scale_set, image, rules, mark)
    put(session, output, found, lambda: plans.rollout_plan(found, command))


def start(
    context: typer.Context,
    scale_set: SetName,
    image: Image,
    policy: Policy = None,
    preset: Preset = "",
    settings: Set = None,
    gates: Gates = None,
    windows: Windows = None,
    mark: PlanMark = "",
    reason: Reason = "",
    by: By = "",
    id_: Annotated[
        str, typer.Option("--id", metavar="ID", help="Its id; made from the name if not given.")
    ] = "",
    wait: Wait = False,
    keep_waiting: KeepWaiting = False,
    yes: Yes = False,
    output: Output = Format.TABLE,
) -> None:
    """Start a rollout."""
    session = session_of(context)
    rules = Rules(policy, preset, settings or [], gates or [], windows or [])
    request = request_of(session, scale_set, image, rules.policy(session))
    if session.ask and not (yes or mark):
        with naming_images(scale_set):
            found = session.client.plan(f"{ROLLOUTS}/plan", request)
        mark = text(found, "fingerprint")
        command = start_command(scale_set, image, rules, mark)
        session.out.print(plans.rollout_plan(found, command), "", crop=False)
        if not session.agreed("Start it?", yes=False):
            session.say("Nothing was started.")
            return
    name = names.name_of(request["scaleSet"])
    given = {
        "id": id_ or f"{name}-{session.now():%Y%m%d-%H%M%S}",
        "plan": mark,
        "reason": reason,
        "by": session.by(by),
    }
    body = request | {field: value for field, value in given.items() if value}
    with naming_images(scale_set):
        code = launch(session, ROLLOUTS, body, output, wait=wait, keep_waiting=keep_waiting)
    raise typer.Exit(code)


@contextmanager
def naming_images(scale_set: str) -> Generator[None]:
    """If what was asked for is not there, it is the image: the scale set was found before."""
    try:
        yield
    except CommandError as error:
        if error.status == NOT_FOUND and not error.next_step:
            error.next_step = f"What there is: vmss-rollout images {scale_set}"
        raise


def request_of(session: Session, scale_set: str, image: str, policy: Json) -> Json:
    arm_id = names.scale_set(session.client, scale_set)
    wanted = _image(session, arm_id, image)
    return {"scaleSet": arm_id, "image": wanted} | ({"policy": policy} if policy else {})


def _image(session: Session, arm_id: str, typed: str) -> Json:
    """The image as typed. A version alone means one of the image that the scale set has: of a
    gallery image, the API wants the id of that.
    """
    image = images.requested(typed)
    if "version" not in image or "sku" in image:
        return image
    offered = session.client.get(f"{names.path_of(arm_id)}/images")
    if text(offered, "kind") in {"platform", "none"}:
        return image
    versions = {text(choice, "version"): choice for choice in lines(offered, "choices")}
    newest = [choice for choice in versions.values() if choice.get("latest")]
    choice = newest[0] if typed == "latest" and newest else versions.get(typed)
    if choice is None:
        hint = near(typed, versions) or f"What there is: vmss-rollout images {arm_id}"
        raise UsageError(f"There is no version {typed} of {text(offered, 'name')}.", hint)
    return part(choice, "image")


def start_command(scale_set: str, image: str, rules: Rules, mark: str) -> str:
    """The words that start exactly what was planned; what is planned then, if nothing was."""
    words = ["vmss-rollout", "start", scale_set, image, *rules.words]
    return shlex.join([*words, *(["--plan", mark] if mark else [])])
