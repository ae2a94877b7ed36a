"""What the orchestration that follows an image is told, asks, and comes to."""

from rollout.publication import Publication
from rollout.value import Value


class FollowOrder(Value):
    """A version that was published."""

    publication: Publication


class FindFollowers(Value):
    """Read the version back, and who follows it; unless `patient`, without waiting for regions."""

    version_id: str
    patient: bool = True


class FollowStatus(Value):
    """What is published while it runs: the version it is about, and the newest it has heard of."""

    version: str
    heard: str
    message: str


class FollowedImage(Value):
    """A line of the list of followed images: its last version, and what came of it. `rolled` says
    that a fleet rollout was started for it, whatever became of that.
    """

    id: str
    definition: str
    version: str
    message: str
    fleet_rollout_id: str | None = None
    rolled: bool = False
    running: bool = False
