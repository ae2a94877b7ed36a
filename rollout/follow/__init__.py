"""Scale sets that follow an image: what to do about a version that was published."""

from rollout.follow.decision import Followed, follow, unpinned
from rollout.follow.followers import Running
from rollout.follow.ids import FOLLOW_IMAGE, PUBLISHED, follow_id
from rollout.follow.place import FollowPlace
from rollout.follow.publication import Ignored, Publication, publication_of
from rollout.follow.queue import VersionQueue
from rollout.follow.rules import FollowRules
from rollout.follow.tasks import (
    FIND_FOLLOWERS,
    FindFollowers,
    FollowedImage,
    FollowOrder,
    FollowState,
    FollowStatus,
)

__all__ = [
    "FIND_FOLLOWERS",
    "FOLLOW_IMAGE",
    "PUBLISHED",
    "FindFollowers",
    "FollowOrder",
    "FollowPlace",
    "FollowRules",
    "FollowState",
    "FollowStatus",
    "Followed",
    "FollowedImage",
    "Ignored",
    "Publication",
    "Running",
    "VersionQueue",
    "follow",
    "follow_id",
    "publication_of",
    "unpinned",
]
