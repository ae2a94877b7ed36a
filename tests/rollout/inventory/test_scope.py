"""Which resources lie within the scopes a setting names."""

import pytest

from rollout.inventory import EVERYWHERE, NOWHERE, Scopes

GROUP = "/subscriptions/s-1/resourceGroups/web"
SETS = "/providers/Microsoft.Compute/virtualMachineScaleSets"
TWO = Scopes((GROUP, "/subscriptions/s-2"))


@pytest.mark.parametrize(
    "resource",
    [
        GROUP,
        f"{GROUP}{SETS}/a",
        f"{GROUP}/",
        "/SUBSCRIPTIONS/S-1/resourcegroups/WEB/providers/microsoft.compute/x/y",
        "/subscriptions/s-2",
        f"/subscriptions/s-2/resourceGroups/any{SETS}/a",
    ],
)
def test_within(resource: str) -> None:
    assert TWO.cover(resource)


@pytest.mark.parametrize(
    "resource",
    [
        "/subscriptions/s-1",
        f"/subscriptions/s-1/resourceGroups/web2{SETS}/a",
        f"/subscriptions/s-1/resourceGroups/we{SETS}/a",
        f"/subscriptions/s-22/resourceGroups/web{SETS}/a",
        f"{GROUP}/../other{SETS}/a",
        f"{GROUP}/./x",
        f"//subscriptions/s-1//resourceGroups/web{SETS}/a",
        "",
        "/",
    ],
)
def test_outside(resource: str) -> None:
    assert not TWO.cover(resource)


def test_other_letters_are_not_taken_for_the_same() -> None:
    scopes = Scopes(("/subscriptions/s/resourceGroups/strasse",))
    assert scopes.cover("/subscriptions/s/resourceGroups/STRASSE")
    assert not scopes.cover("/subscriptions/s/resourceGroups/straße")
    # The Kelvin sign folds to "k" in Unicode, but is another letter to Azure.
    assert not Scopes(("/subscriptions/s/resourceGroups/k",)).cover(
        "/subscriptions/s/resourceGroups/\N{KELVIN SIGN}"
    )


def test_everywhere_everything_is_within() -> None:
    assert EVERYWHERE.cover(f"/subscriptions/any/resourceGroups/any{SETS}/a")
    assert EVERYWHERE.refusal("/subscriptions/any") is None
    assert EVERYWHERE.groups_in("any") == [None]


def test_without_scopes_nothing_is_within() -> None:
    assert not NOWHERE.cover(f"/subscriptions/any/resourceGroups/any{SETS}/a")
    assert NOWHERE.groups_in("any") == []
    refused = NOWHERE.refusal("/subscriptions/any")
    assert refused is not None
    assert refused.status == 403
    assert "ROLLOUT_SCOPES is empty, so this app may roll nowhere" in refused.detail
    assert "or to everywhere" in refused.detail


def test_a_refusal_says_what_lies_outside_of_what() -> None:
    refused = Scopes((GROUP,)).refusal("/subscriptions/s-9")
    assert refused is not None
    assert refused.status == 403
    assert f"/subscriptions/s-9 lies outside of the app's setting ROLLOUT_SCOPES ({GROUP})" in (
        refused.detail
    )
