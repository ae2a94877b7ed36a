"""Images in Azure: which version is meant, can it be used, and what would a rollback need?"""

from compute.images.find import find_image
from compute.images.fit import fitted
from compute.images.published import published_at, read_published, read_with_newer
from compute.images.rollback import rollback_warnings
from compute.images.shapes import image_of, image_patch
from compute.images.traits import plan_of
from compute.images.versions import has_versions, versions_of

__all__ = [
    "find_image",
    "fitted",
    "has_versions",
    "image_of",
    "image_patch",
    "plan_of",
    "published_at",
    "read_published",
    "read_with_newer",
    "rollback_warnings",
    "versions_of",
]
