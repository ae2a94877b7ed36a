"""The activity and the values of the orchestration that follows an image."""

from enum import StrEnum

from rollout.base import Activity, Shown, Value
from rollout.follow.decision import Followed
from rollout.follow.publication import Publication
from rollout.inventory import by_number


class FollowOrder(Value):
    """A version that was published; `queued` if it had to wait for another one. `events` is how
    many events the followers before it have written.
    """

    publication: Publication
    queued: bool = False
    events: int = 0

    def at_newer(self, version: str) -> "FollowOrder":
        """The same for that version of the image, if it is a newer one."""
        definition = self.publication.definition
        if by_number(version) <= by_number(self.publication.version):
            return self
        return FollowOrder(publication=Publication.of(definition, version), queued=True)


class FindFollowers(Value):
    """Read the version and find its followers; with `wait_for_regions`, wait for a version that has
    not been replicated everywhere.
    """

    version_id: str
    wait_for_regions: bool = True
    attempt: int = 1


class FollowStatus(Value):
    """What is published while it runs: the version being handled, and the newest one published;
    `full` if it has heard as many versions as it can.
    """

    version: str
    newest: str
    message: str
    full: bool = False


class FollowState(StrEnum):
    """What became of the last version of a followed image."""

    WAITING = "waiting"
    ROLLING = "rolling"
    ROLLED = "rolled"
    NOT_ROLLED = "notRolled"


class FollowedImage(Shown):
    """A line in the list of followed images: its last version, and what became of it. It counts as
    rolled when the fleet rollout started for it has ended, however that ended, unless it failed and
    moved nobody. As `waiting`, its follower may have ended: another one goes on.
    """

    id: str
    definition: str
    version: str
    message: str
    state: FollowState = FollowState.NOT_ROLLED
    fleet_rollout_id: str | None = None

    @property
    def next(self) -> FollowOrder | None:
        """How to go on, if its follower ended with a version that is still to be handled."""
        if self.state is not FollowState.WAITING:
            return None
        return FollowOrder(publication=Publication.of(self.definition, self.version), queued=True)

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

    def with_message_of(self, status: FollowStatus) -> "FollowedImage":
        """With what its follower says meanwhile, if that is about the same version."""
        if status.version != self.version:
            return self
        return self.model_copy(update={"message": status.message})

    def ended_by_hand(self) -> "FollowedImage":
        """The same, if its follower was terminated or purged before it had handled that version."""
        left = f": fleet rollout {self.fleet_rollout_id} goes on" if self.fleet_rollout_id else ""
        message = (
            f"Following was ended through Durable's management API, and version {self.version} is "
            f"not handled any more{left}. Write anything on the version, for example a tag, and it "
            "is looked at again"
        )
        return self.model_copy(update={"message": message, "state": FollowState.NOT_ROLLED})

    @property
    def active(self) -> bool:
        """Whether there is still something to do for that version."""
        return self.state in {FollowState.WAITING, FollowState.ROLLING}


FIND_FOLLOWERS = Activity("find_followers", FindFollowers, Followed)
