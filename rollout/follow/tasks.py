"""The activity and the values of the orchestration that follows an image."""

from enum import StrEnum

from rollout.base import Activity, Shown, Value
from rollout.follow.decision import Followed
from rollout.follow.publication import Publication


class FollowOrder(Value):
    """A version that was published."""

    publication: Publication


class FindFollowers(Value):
    """Read the version and find its followers; with `wait_for_regions`, wait for a version that has
    not been replicated everywhere.
    """

    version_id: str
    wait_for_regions: bool = True


class FollowStatus(Value):
    """What is published while it runs: the version being handled, and the newest one published."""

    version: str
    newest: str
    message: str


class FollowState(StrEnum):
    """What became of the last version of a followed image."""

    ROLLING = "rolling"
    ROLLED = "rolled"
    NOT_ROLLED = "notRolled"


class FollowedImage(Shown):
    """A line in the list of followed images: its last version, and what became of it. It counts as
    rolled when the fleet rollout started for it has ended, however that ended.
    """

    id: str
    definition: str
    version: str
    message: str
    state: FollowState = FollowState.NOT_ROLLED
    fleet_rollout_id: str | None = None


FIND_FOLLOWERS = Activity("find_followers", FindFollowers, Followed)
