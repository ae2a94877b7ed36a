"""The setting that says where in Azure the app may roll."""

import pytest

from rollout.inventory import Scopes
from settings.scopes import parse_scopes

GROUP = "/subscriptions/s-1/resourceGroups/web"
SETS = "/providers/Microsoft.Compute/virtualMachineScaleSets"


def test_ids_are_read_with_commas_between_them() -> None:
    assert parse_scopes(f"{GROUP} , /subscriptions/s-2/") == Scopes((GROUP, "/subscriptions/s-2"))


@pytest.mark.parametrize(
    "text",
    [
        ",",
        "s-1",
        "/subscriptions",
        "/subscriptions/s-1/resourceGroups",
        "/subscriptions/s-1/resourceGroups/..",
        f"{GROUP}{SETS}/a",
        f"{GROUP};/subscriptions/s-2",
        "*",
    ],
)
def test_what_is_no_scope_is_refused_with_how_to_set_it(text: str) -> None:
    with pytest.raises(ValueError, match="set it to such ids with commas"):
        parse_scopes(text)
