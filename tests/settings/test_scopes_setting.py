"""The setting that says where in Azure the app may roll."""

import pytest

from rollout.inventory import EVERYWHERE, NOWHERE, Scopes
from settings import read_settings
from settings.scopes import parse_scopes

GROUP = "/subscriptions/s-1/resourceGroups/web"
DEPLOYED = {"WEBSITE_SITE_NAME": "rollout", "IDENTITY_ENDPOINT": "http://127.0.0.1/token"}
SETS = "/providers/Microsoft.Compute/virtualMachineScaleSets"


def test_ids_are_read_with_commas_between_them() -> None:
    assert parse_scopes(f"{GROUP} , /subscriptions/s-2/") == Scopes((GROUP, "/subscriptions/s-2"))


@pytest.mark.parametrize("text", ["everywhere", " Everywhere "])
def test_everywhere_is_a_word_of_its_own(text: str) -> None:
    assert parse_scopes(text) == EVERYWHERE


@pytest.mark.parametrize(
    ("environment", "scopes"),
    [
        pytest.param({}, EVERYWHERE, id="a local host, nothing set"),
        pytest.param({"ROLLOUT_SCOPES": ""}, EVERYWHERE, id="a local host, empty"),
        pytest.param(DEPLOYED, NOWHERE, id="deployed, nothing set"),
        pytest.param({**DEPLOYED, "ROLLOUT_SCOPES": ""}, NOWHERE, id="deployed, empty"),
        pytest.param({**DEPLOYED, "ROLLOUT_SCOPES": " , "}, NOWHERE, id="deployed, of commas"),
        pytest.param({**DEPLOYED, "ROLLOUT_SCOPES": "everywhere"}, EVERYWHERE, id="deployed, word"),
        pytest.param(
            {**DEPLOYED, "ROLLOUT_SCOPES": GROUP}, Scopes((GROUP,)), id="deployed, a group"
        ),
    ],
)
def test_what_is_not_said_is_nowhere_in_azure(environment: dict[str, str], scopes: Scopes) -> None:
    assert read_settings(environment).scopes == scopes


@pytest.mark.parametrize(
    "text",
    [
        "s-1",
        "/subscriptions",
        "/subscriptions/s-1/resourceGroups",
        "/subscriptions/s-1/resourceGroups/..",
        f"{GROUP}{SETS}/a",
        f"{GROUP};/subscriptions/s-2",
        "*",
        f"everywhere,{GROUP}",
        "nowhere",
    ],
)
def test_what_is_no_scope_is_refused_with_how_to_set_it(text: str) -> None:
    with pytest.raises(ValueError, match="set it to such ids with commas"):
        parse_scopes(text)
