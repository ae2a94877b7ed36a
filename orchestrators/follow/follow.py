"""Follows a gallery image: version after version, never two at a time."""

from typing import Any

from orchestrators.engine import (
    Context,
    CountedContext,
    GoesOnAsNew,
    Steps,
    elsewhere,
    go_on_as_new,
)
from orchestrators.follow.following import Following
from rollout.follow import FollowedImage, FollowOrder, follow_id
from rollout.run import Handover


def follow_image(context: Context) -> Steps[dict[str, Any]]:
    """The orchestrator of one image definition: takes a FollowOrder, returns a FollowedImage. One
    instance per definition: Durable starts an id only once while it is running. While it waits for
    long, it goes on as new.
    """
    given = context.get_input()
    order = FollowOrder.from_json(given)
    publication = order.publication
    if reason := elsewhere(context, follow_id(publication.definition)):
        stray = FollowedImage.waiting(context.instance_id, publication)
        return stray.model_copy(update={"message": reason}).to_json()
    following = Following(CountedContext(context), order, Handover.of_input(given))
    try:
        result = yield from following.run()
    except GoesOnAsNew:
        return (yield from go_on_as_new(following))
    return result.to_json()
