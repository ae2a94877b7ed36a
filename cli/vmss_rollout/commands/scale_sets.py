"""sets and images: what there is to roll, and to what."""

from typing import Annotated

import typer

from vmss_rollout import listing, names
from vmss_rollout.commands.arguments import SetName
from vmss_rollout.output import Format, Output, put
from vmss_rollout.paths import SETS
from vmss_rollout.session import session_of
from vmss_rollout.values import lines, number, part, text


def add_to(app: typer.Typer) -> None:
    app.command()(sets)
    app.command()(images)


def sets(
    context: typer.Context,
    *,
    behind: Annotated[
        bool, typer.Option("--behind", help="Only those that a newer image is there for.")
    ] = False,
    not_rollable: Annotated[
        bool, typer.Option("--not-rollable", help="Only those that cannot be rolled, and why.")
    ] = False,
    resource_group: Annotated[
        str, typer.Option("--group", "-g", metavar="GROUP", help="Only this group.")
    ] = "",
    output: Output = Format.TABLE,
) -> None:
    """The scale sets that the app sees."""
    session = session_of(context)
    asked = "true" if behind else ""
    found = session.client.listed(SETS, behind=asked, resourceGroup=resource_group)
    if behind:
        found = [line for line in found if number(part(line, "newest"), "behind")]
    if not_rollable:
        found = [line for line in found if not line.get("rollable")]
    if not found and output is Format.TABLE:
        all_of_them = not (behind or not_rollable or resource_group)
        hint = " What the app may see: vmss-rollout doctor" if all_of_them else ""
        session.say(f"There are none.{hint}")
        return
    put(session, output, found, lambda: listing.scale_sets(found))


def images(context: typer.Context, scale_set: SetName, output: Output = Format.TABLE) -> None:
    """The images a scale set can be moved to."""
    session = session_of(context)
    arm_id = names.scale_set(session.client, scale_set)
    found = session.client.get(f"{names.path_of(arm_id)}/images")
    choices = lines(found, "choices")
    if not choices and output is Format.TABLE:
        session.say(text(found, "note") or "There are none to choose from.")
        return
    put(session, output, found, lambda: listing.choices(choices))
