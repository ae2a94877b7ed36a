"""The orchestration that follows a gallery image."""

from orchestrators.follow.follow import follow_image

__all__ = ["follow_image"]
