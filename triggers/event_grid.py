"""The door for Event Grid: a version of a gallery image was published."""

import logging
from typing import Any

import azure.durable_functions as df

from hub.announcing import announce
from rollout.publication import Ignored, publication_of

log = logging.getLogger("vmss_rollout.event_grid")


def register(functions: df.Blueprint) -> None:
    """Register the function under the name that the event subscription names."""
    triggered = functions.event_grid_trigger(  # pyright: ignore[reportUnknownMemberType]
        arg_name="event"
    )(on_image_published)
    functions.durable_client_input(client_name="client")(triggered)


async def on_image_published(event: str, client: Any) -> None:
    """One event, as its JSON text, whichever schema it has. It ends well whatever the event says:
    Event Grid would send it again and again. It fails only when Durable could not be told.
    """
    match publication_of(event):
        case Ignored(reason):
            log.info("Ignored: %s", reason)
        case publication:
            log.info("Published: %s", await announce(client, publication))
