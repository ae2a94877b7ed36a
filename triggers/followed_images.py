"""The routes under /api/followed-images: which published images are followed."""

import re

import azure.functions as func

from hub.announcing import list_followed
from hub.rollouts import list_events
from rollout.problem import Problem, Refused
from triggers.answers import answer, lines_answer
from triggers.listing import wants_lines
from triggers.route import Call, Route

_ID = r"follow-[0-9a-f]{16}"


def routes() -> list[Route]:
    """The list, and the event log of one."""
    path = "followed-images"
    return [
        Route("list_followed_images", "GET", path, list_followed_images),
        Route("list_followed_events", "GET", f"{path}/{{id}}/events", list_followed_events),
    ]


async def list_followed_images(call: Call) -> func.HttpResponse:
    return answer([one.to_json() for one in await list_followed(call.client)])


async def list_followed_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    image_id = call.req.route_params.get("id", "")
    possible = re.fullmatch(_ID, image_id) is not None
    events = await list_events(call.client, image_id) if possible else []
    if not events and image_id not in {one.id for one in await list_followed(call.client)}:
        raise Refused(
            Problem(
                status=404,
                title="No such followed image",
                detail=f"No image is followed as {image_id!r}. GET /api/followed-images lists "
                "those that are.",
            )
        )
    return lines_answer(events) if lines else answer(events)
