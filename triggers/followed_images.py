"""The routes under /api/followed-images: which published images are followed."""

import re

import azure.functions as func

from durable import list_events, list_followed
from rollout.base import Problem, Refused
from triggers.web import LOG, Call, Route, after, answer, lines_answer, wants_lines

_ID = r"follow~[0-9a-f]{16}"


def followed_image_routes() -> list[Route]:
    """The list, and the event log of each image."""
    return [
        Route("list_followed_images", _list_followed_images),
        Route("list_followed_events", _list_followed_events, LOG),
    ]


async def _list_followed_images(call: Call) -> func.HttpResponse:
    return answer([followed.to_json() for followed in await list_followed(call.client)])


async def _list_followed_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    image_id = call.req.route_params.get("id", "")
    possible = re.fullmatch(_ID, image_id) is not None
    since = after(call.req)
    events = await list_events(call.client, image_id, since) if possible else []
    if not events and image_id not in {
        followed.id for followed in await list_followed(call.client)
    }:
        raise Refused(
            Problem(
                status=404,
                title="No such followed image",
                detail=f"No image is followed as {image_id!r}. GET /api/followed-images lists "
                "those that are.",
            )
        )
    return lines_answer(events) if lines else answer(events)
