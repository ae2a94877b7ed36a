"""Reads the scale sets and images there are, for people who have no rollout yet."""

from datetime import datetime

from compute.published_versions import read_published
from compute.scale_set_list import list_scale_sets, view_scale_set

__all__ = ["list_scale_sets", "published_at", "view_scale_set"]


def published_at(image_id: str) -> datetime | None:
    """When that image version was published; None for what is no version in a gallery of one's
    own. Raises ArmFailure when Azure did not let it look.
    """
    try:
        return read_published(image_id).published_at
    except ValueError:
        return None
