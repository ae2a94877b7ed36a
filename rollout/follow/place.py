"""Where the follower of an image stands: where its next generation goes on."""

from datetime import datetime

from rollout.base import Value
from rollout.fleet import RolloutEnded
from rollout.follow.queue import VersionQueue


class FollowPlace(Value):
    """The version is known to be published. `waits_since` is when it began to wait until that can
    be used; `listed` if it has written who is left out, and `fleet_id` is the fleet rollout of it.
    `ended` are the fleet rollouts that have said that they have.
    """

    queue: VersionQueue = VersionQueue()
    message: str = ""
    waits_since: datetime | None = None
    listed: bool = False
    fleet_id: str | None = None
    ended: list[RolloutEnded] = []
