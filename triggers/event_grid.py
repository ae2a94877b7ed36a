"""The Event Grid trigger: a version of a gallery image was published."""

import logging
from typing import Any

from durable import notify
from rollout.follow import Ignored, publication_of

_logger = logging.getLogger("rollout.event_grid")


async def on_image_published(event: str, client: Any) -> None:
    """One event, as JSON text, in either schema. It succeeds whatever the event contains, because
    Event Grid would resend it again and again. It fails only if Durable could not be notified.
    """
    match publication_of(event):
        case Ignored(reason):
            _logger.info("Ignored: %s", reason)
        case publication:
            _logger.info("Published: %s", await notify(client, publication))
