from typing import Any

import pytest
from builders import NEW, OLD
from pydantic import ValidationError

from rollout.inventory import Image, ImageRequest
from rollout.inventory.image import newest

GROUP = "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute"
MANAGED = f"{GROUP}/images/golden"
DEFINITION = f"{GROUP}/galleries/shared/images/golden"
GALLERY = f"{DEFINITION}/versions/1.0.7"
VHD = "https://account.blob.core.windows.net/vhds/golden.vhd"


@pytest.mark.parametrize(
    ("image", "text", "kind"),
    [
        (OLD, "Canonical:UbuntuServer:14.04.2-LTS:14.04.201503090", "platform"),
        (Image(publisher="Canonical"), "Canonical:?:?:?", "platform"),
        (Image(id=MANAGED), MANAGED, "custom"),
        (Image(id=GALLERY), GALLERY, "custom"),
        (Image(uri=VHD), VHD, "vhd"),
    ],
)
def test_an_image_is_named_by_its_urn_its_id_or_its_uri(image: Image, text: str, kind: str) -> None:
    assert (str(image), image.kind) == (text, kind)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(OLD.model_copy(), True, id="itself"),
        pytest.param(OLD.model_copy(update={"publisher": "canonical"}), True, id="another case"),
        pytest.param(NEW, False, id="another version"),
        pytest.param(Image(id=MANAGED), False, id="another kind"),
        pytest.param(None, False, id="none"),
    ],
)
def test_an_image_is_the_same_as(other: Image | None, *, same: bool) -> None:
    assert OLD.same(other) is same


def test_the_names_of_blobs_are_compared_with_their_case() -> None:
    assert not Image(uri=VHD).same(Image(uri=VHD.replace("golden", "GOLDEN")))


def test_ids_are_compared_without_their_case() -> None:
    assert Image(id=GALLERY).same(Image(id=GALLERY.upper()))


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"version": "14.04.201507060"}, id="a version"),
        pytest.param({"version": "latest"}, id="the newest version"),
        pytest.param({"sku": "16.04-LTS"}, id="a SKU"),
        pytest.param(
            {"publisher": "P", "offer": "O", "sku": "S", "version": "1"}, id="a whole URN"
        ),
        pytest.param({"id": MANAGED}, id="a managed image"),
        pytest.param({"id": GALLERY.lower()}, id="a gallery image version, in any case"),
        pytest.param({"id": DEFINITION}, id="a gallery image: its latest version"),
        pytest.param({"id": f"{DEFINITION}/versions/latest"}, id="the same, said in words"),
        pytest.param({"id": "/SharedGalleries/u-1/Images/golden/Versions/1.0.7"}, id="shared"),
        pytest.param({"id": "/sharedgalleries/u-1/images/golden"}, id="shared, its latest"),
        pytest.param({"id": "/CommunityGalleries/p-1/Images/golden/Versions/latest"}, id="public"),
        pytest.param({"uri": VHD}, id="a VHD"),
    ],
)
def test_one_can_ask_for(form: dict[str, str]) -> None:
    assert ImageRequest.from_request(form).to_json() == form


@pytest.mark.parametrize(
    ("form", "message"),
    [
        pytest.param({}, "exactly one form", id="nothing"),
        pytest.param({"version": "1", "id": MANAGED}, "exactly one form", id="a version and an id"),
        pytest.param({"id": MANAGED, "uri": VHD}, "exactly one form", id="an id and a URI"),
        pytest.param({"version": "1 2"}, "String should match", id="a version with a blank"),
        pytest.param({"version": ""}, "String should match", id="an empty version"),
        pytest.param({"version": 1.0}, "valid string", id="a number"),
        pytest.param({"id": ""}, "id must be the ARM id", id="an empty id"),
        pytest.param({"id": "golden"}, "id must be the ARM id", id="a bare name"),
        pytest.param({"id": f"{GROUP}/galleries/g"}, "id must be the ARM id", id="a gallery"),
        pytest.param(
            {"id": "/SharedGalleries/../Images/x"}, "id must be the ARM id", id="a way out"
        ),
        pytest.param(
            {"id": f"{DEFINITION}/versions/.."}, "id must be the ARM id", id="another way out"
        ),
        pytest.param(
            {"id": f"{DEFINITION}/versions/1.0.7?x=y"}, "id must be the ARM id", id="a query"
        ),
        pytest.param(
            {"id": "/CommunityGalleries/p/Images/x/Versions/1/more"},
            "id must be the ARM id",
            id="more than a version",
        ),
        pytest.param(
            {"id": f"/SharedGalleries/{'u' * 91}/Images/x"}, "id must be the ARM id", id="too long"
        ),
        pytest.param(
            {"id": DEFINITION.replace("Microsoft.Compute", "Microsoft.Network")},
            "id must be the ARM id",
            id="another provider",
        ),
        pytest.param({"id": f"{MANAGED}\n"}, "id must be the ARM id", id="a line break"),
        pytest.param({"uri": VHD.replace("https", "http")}, "https URI", id="plain http"),
        pytest.param({"uri": f"{VHD}?sig=secret"}, "https URI", id="a URI with a secret"),
        pytest.param({"uri": "https://host/golden.img"}, "https URI", id="no VHD"),
        pytest.param({"urn": "a:b:c:d"}, "not permitted", id="an unknown field"),
    ],
)
def test_one_cannot_ask_for(form: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ImageRequest.from_request(form)


@pytest.mark.parametrize(
    ("form", "latest"),
    [
        pytest.param({"version": "latest"}, True, id="when asked for"),
        pytest.param({"version": "Latest"}, True, id="in any case"),
        pytest.param({"sku": "16.04-LTS"}, True, id="when no version is given"),
        pytest.param({"version": "1.0"}, False, id="not when a version is given"),
        pytest.param({"id": DEFINITION}, True, id="when a gallery image has no version"),
        pytest.param({"id": f"{DEFINITION}/versions/LATEST"}, True, id="or is asked for by word"),
        pytest.param({"id": GALLERY}, False, id="not for a gallery image with a version"),
        pytest.param({"id": MANAGED}, False, id="not for a managed image"),
        pytest.param({"uri": VHD}, False, id="not for a URI"),
    ],
)
def test_the_newest_version_is_looked_up(form: dict[str, str], *, latest: bool) -> None:
    assert ImageRequest.from_request(form).wants_latest is latest


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        pytest.param({"version": NEW.version}, NEW, id="with a version: the rest stays as it is"),
        pytest.param(
            {"sku": "16.04-LTS"},
            OLD.model_copy(update={"sku": "16.04-LTS", "version": "latest"}),
            id="with a SKU: its newest version",
        ),
        pytest.param({"id": GALLERY}, Image(id=GALLERY), id="with an id: that alone"),
        pytest.param({"uri": VHD}, Image(uri=VHD), id="with a URI: that alone"),
    ],
)
def test_a_request_means(form: dict[str, str], meant: Image) -> None:
    assert ImageRequest.from_request(form).completed_from(OLD) == meant


@pytest.mark.parametrize(
    ("versions", "highest"),
    [
        pytest.param(["7.7.2019", "7.7.20200"], "7.7.20200", id="number by number, not as text"),
        pytest.param(["1.10.0", "1.9.9"], "1.10.0", id="10 is above 9"),
        pytest.param(["2.0", "2.0.1"], "2.0.1", id="the longer of two that begin the same"),
        pytest.param(["1.0.0", "1.0.rc1"], "1.0.0", id="a number is above a word"),
        pytest.param(["1.0"], "1.0", id="the only one"),
        pytest.param([], None, id="none of none"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["", "in any order"])
def test_the_newest_version_is(versions: list[str], highest: str | None, *, turned: bool) -> None:
    assert newest(versions[::-1] if turned else versions) == highest
