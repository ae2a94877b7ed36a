"""Durable's names for followed images, and the ids of their instances."""

import hashlib

from rollout.base import our_id

FOLLOW_IMAGE = "follow_image"


PUBLISHED = "published"
"""The external event that announces another version of a followed image."""


def follow_id(definition: str) -> str:
    """The only instance id under which that gallery image definition is followed."""
    digest = hashlib.sha256(definition.casefold().encode()).hexdigest()[:16]
    return our_id("follow", digest)
