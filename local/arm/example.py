"""The example: what a fresh simulated Azure contains."""

from datetime import timedelta

from local.arm.images import GalleryVersion, ImageReference, PlatformImage
from local.arm.model import UBUNTU, Azure, ScaleSetSpec

RESOURCE_GROUP = "demo"
NEWER_UBUNTU = "14.04.201507060"
_JAMMY = {
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
}


def add_example_fleet(azure: Azure) -> list[str]:
    """Three scale sets, each with a newer image published, and two that wait for one; returns
    their ARM ids.

    "web": 20 instances in 5 update domains on Ubuntu 14.04.201506100, with 14.04.201507060 out.
    "api": 12 instances over three zones. "batch": 10 instances on a gallery image. "api-canary" and
    "api-prod" follow the gallery image golden/web by their tags, and run its only version.
    """
    _publish(azure)
    spread = 0.5
    web = ScaleSetSpec(name="web", upgrade_spread=spread, tags={"app": "web"})
    api = ScaleSetSpec(
        name="api",
        capacity=12,
        zones=("1", "2", "3"),
        image=ImageReference(**_JAMMY, version="22.04.202506100"),
        upgrade_spread=spread,
        automatic_repairs=True,
        tags={"app": "api"},
    )
    batch = ScaleSetSpec(
        name="batch",
        capacity=10,
        image=ImageReference(id=_gallery_version("1.0.6").identity),
        upgrade_spread=spread,
        boot_duration=timedelta(seconds=45),
        protected=("0",),
        tags={"app": "batch"},
    )
    return [azure.add_scale_set(spec) for spec in (web, api, batch, *_followers())]


def _followers() -> list[ScaleSetSpec]:
    golden = GalleryVersion(gallery="golden", image="web", version="1.0.0")
    return [
        ScaleSetSpec(
            name=f"api-{wave}",
            capacity=capacity,
            image=ImageReference(id=golden.identity),
            tags={"app": "api", "rollout.wave": wave, "rollout.follow": "current"},
        )
        for wave, capacity in (("canary", 2), ("prod", 6))
    ]


def _publish(azure: Azure) -> None:
    newer = UBUNTU.model_dump(exclude_none=True) | {"version": NEWER_UBUNTU}
    for image in (newer, _JAMMY | {"version": "22.04.202507060"}):
        azure.add_image(PlatformImage.model_validate(image))
    for version in ("1.0.6", "1.0.7"):
        azure.add_image(_gallery_version(version))


def _gallery_version(version: str) -> GalleryVersion:
    return GalleryVersion(
        gallery="images", image="batch", version=version, resource_group=RESOURCE_GROUP
    )
