"""followed: images whose versions are followed."""

import typer

from vmss_rollout import listing
from vmss_rollout.output import Format, Output, put
from vmss_rollout.session import session_of


def add_to(app: typer.Typer) -> None:
    app.command()(followed)


def followed(context: typer.Context, output: Output = Format.TABLE) -> None:
    """What became of the followed images. Each with its last version."""
    session = session_of(context)
    found = session.client.listed("/followed-images")
    if not found and output is Format.TABLE:
        session.say("No image is followed, or nothing was published of one yet.")
        return
    put(session, output, found, lambda: listing.followed(found))
