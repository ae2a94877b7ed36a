"""Names as Azure compares them, and names that lead elsewhere."""

import pytest

from rollout.base import folded, not_dots
from rollout.inventory import ScaleSetId


@pytest.mark.parametrize(
    ("name", "same"), [("WEB", "web"), ("Straße", "straße"), ("ÄÖ", "ÄÖ"), ("İ", "İ")]
)
def test_only_the_letters_from_a_to_z_have_no_case(name: str, same: str) -> None:
    assert folded(name) == same


def test_two_groups_that_python_would_merge_have_keys_of_their_own() -> None:
    sharp, double = (ScaleSetId("s-1", group, "web") for group in ("straße", "strasse"))
    assert sharp.key != double.key
    assert sharp != double


def test_an_id_in_another_case_is_the_same() -> None:
    first, second = ScaleSetId("s-1", "Demo", "web"), ScaleSetId("S-1", "demo", "WEB")
    assert first == second
    assert len({first, second}) == 1
    assert first.key == second.key
    assert first != "web"


@pytest.mark.parametrize("name", [".", ".."])
def test_dots_are_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="must be a name"):
        not_dots(name)


@pytest.mark.parametrize("name", ["...", "a.b", ".a", "1.0.7"])
def test_a_name_may_have_dots(name: str) -> None:
    assert not_dots(name) == name
