"""The images that have been published, and which one a reference means at a given moment."""

from local.arm.images.image import Image, ImageKind, ImageReference, kind_of
from local.arm.images.images import Images
from local.arm.images.publication import publish_named, published_as
from local.arm.images.published import (
    AnyGalleryVersion,
    CommunityVersion,
    GalleryVersion,
    ManagedImage,
    MarketplacePlan,
    PlatformImage,
    Published,
    SharedVersion,
    TargetRegion,
    Traits,
    Vhd,
    published_from_json,
)

__all__ = [
    "AnyGalleryVersion",
    "CommunityVersion",
    "GalleryVersion",
    "Image",
    "ImageKind",
    "ImageReference",
    "Images",
    "ManagedImage",
    "MarketplacePlan",
    "PlatformImage",
    "Published",
    "SharedVersion",
    "TargetRegion",
    "Traits",
    "Vhd",
    "kind_of",
    "publish_named",
    "published_as",
    "published_from_json",
]
