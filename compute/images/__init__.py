"""Images in Azure: which version is meant, can it be used, and what would a rollback need?"""

from compute.images.find import find_image
from compute.images.published import published_at, read_published
from compute.images.rollback import rollback_warnings
from compute.images.shapes import image_of, image_patch

__all__ = [
    "find_image",
    "image_of",
    "image_patch",
    "published_at",
    "read_published",
    "rollback_warnings",
]
