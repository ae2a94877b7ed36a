"""Messages name a scale set and its images by their names."""

from builders import SCALE_SET

from rollout.inventory import Image
from rollout.run.abbreviation import abbreviated

GALLERY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/lib/images/base"
NEW = Image(id=f"{GALLERY}/versions/1.0.1")


def short(text: str, *images: Image) -> str:
    return abbreviated(text, SCALE_SET, images)


def test_a_scale_set_is_named_by_its_name_however_its_id_is_spelled() -> None:
    upper = str(SCALE_SET).replace("demo", "DEMO")
    assert short(f"could not read {upper}: no. {SCALE_SET}.") == "could not read web: no. web."


def test_what_only_begins_like_it_keeps_its_id() -> None:
    text = f"{SCALE_SET}2, {SCALE_SET}-2, {SCALE_SET}.2"
    assert short(text) == text


def test_images_are_named_as_on_the_screen() -> None:
    definition, managed = Image(id=GALLERY), Image(id="/subscriptions/s/images/golden")
    text = f"{NEW}, {definition} or {managed}."
    assert short(text, definition, NEW, managed) == "lib:base:1.0.1, lib:base or golden."


def test_two_images_with_the_same_name_keep_their_ids() -> None:
    elsewhere = Image(id=f"{NEW}".replace("/g/", "/h/"))
    text = f"{NEW} and {elsewhere}"
    assert short(text, NEW, elsewhere) == text


def test_a_command_keeps_the_full_id() -> None:
    command = f"az role assignment create --scope {SCALE_SET}"
    assert short(f"on {SCALE_SET}. {command} (it") == f"on web. {command} (it"
