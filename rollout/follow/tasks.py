"""The activity and the values of the orchestration that follows an image."""

from enum import StrEnum

from rollout.base import Activity, Shown, Value
from rollout.follow.decision import Followed
from rollout.follow.publication import Publication
from rollout.inventory import by_number


class FollowOrder(Value):
    """A version that was published."""

    publication: Publication

    def at_newer(self, version: str) -> "FollowOrder":
        """The same for that version of the image, if it is a newer one."""
        definition = self.publication.definition
        if by_number(version) <= by_number(self.publication.version):
            return self
        return FollowOrder(
            publication=Publication(
                version_id=f"{definition}/versions/{version}",
                definition=definition,
                version=version,
            )
        )


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

    WAITING = "waiting"
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

    @classmethod
    def waiting(cls, instance_id: str, publication: Publication) -> "FollowedImage":
        """The line of a version that was just published."""
        return cls(
            id=instance_id,
            definition=publication.definition,
            version=publication.version,
            message=f"Version {publication.version} was published",
            state=FollowState.WAITING,
        )

    @property
    def active(self) -> bool:
        """Whether there is still something to do for that version."""
        return self.state in {FollowState.WAITING, FollowState.ROLLING}


FIND_FOLLOWERS = Activity("find_followers", FindFollowers, Followed)
