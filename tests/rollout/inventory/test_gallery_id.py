import pytest

from rollout.inventory import GalleryId, GalleryKind

OWN = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/i"
SHARED = "/SharedGalleries/1a2b-UNIQUE/Images/i"
COMMUNITY = "/CommunityGalleries/contoso-1a2b/Images/i"


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        (OWN, GalleryKind.OWN, None),
        (f"{OWN}/versions/1.0.7", GalleryKind.OWN, "1.0.7"),
        (f"{OWN}/Versions/1.0.7".upper(), GalleryKind.OWN, "1.0.7"),
        (SHARED, GalleryKind.SHARED, None),
        (f"{SHARED}/Versions/1.0.7", GalleryKind.SHARED, "1.0.7"),
        (COMMUNITY, GalleryKind.COMMUNITY, None),
        (f"{COMMUNITY.lower()}/versions/1.0.7", GalleryKind.COMMUNITY, "1.0.7"),
    ],
)
def test_an_id_is_read(text: str, kind: GalleryKind, version: str | None) -> None:
    read = GalleryId.parse(text)
    assert read is not None
    assert (read.kind, read.version, read.open) == (kind, version, version is None)
    assert str(read).casefold() == text.casefold()


def test_an_own_gallery_has_a_subscription_and_a_group() -> None:
    read = GalleryId.parse(OWN)
    assert read is not None
    assert (read.subscription, read.resource_group) == ("s-1", "rg")
    assert (read.gallery, read.image) == ("g", "i")


@pytest.mark.parametrize("text", [OWN, f"{OWN}/versions/latest", f"{OWN}/versions/Latest"])
def test_an_open_version_can_be_pinned(text: str) -> None:
    read = GalleryId.parse(text)
    assert read is not None
    assert read.open
    assert str(read.pinned("1.0.7")) == f"{OWN}/versions/1.0.7"
    assert not read.pinned("1.0.7").open


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        OWN.replace("/galleries/g", ""),
        f"{SHARED}/Versions/",
        f"x{SHARED}",
        SHARED.replace("1a2b-UNIQUE", ".."),
    ],
)
def test_what_is_no_such_id(text: str | None) -> None:
    assert GalleryId.parse(text) is None
