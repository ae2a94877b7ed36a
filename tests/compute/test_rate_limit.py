"""What Azure says is left of its budgets."""

import pytest

from compute.rate_limit import lists_left

COMPUTE = "Microsoft.Compute/"


@pytest.mark.parametrize(
    ("header", "left"),
    [
        pytest.param("HighCostGetVMScaleSetResource;29", 29, id="of the scale set"),
        pytest.param("HighCostGetVMScaleSetSubscriptionMaximum;1079", 29, id="of the subscription"),
        pytest.param(
            "HighCostGetVMScaleSetSubscriptionMaximum;108,HighCostGetVMScaleSetResource;29",
            3,
            id="others have nearly used up the subscription's",
        ),
        pytest.param("HighCostGetVMScaleSetResource;0", 0, id="nothing"),
        pytest.param("GetVMScaleSetResource;35", None, id="of other calls"),
        pytest.param("HighCostGetVMScaleSetResource;many", None, id="no number"),
        pytest.param("HighCostGetVMScaleSetResource", None, id="no count"),
        pytest.param("", None, id="no word"),
    ],
)
def test_what_is_left_of_the_budget_for_lists(header: str, left: int | None) -> None:
    said = ", ".join(COMPUTE + part for part in header.split(",") if part)
    assert lists_left({"x-ms-ratelimit-remaining-resource": said}) == left


def test_as_it_was_recorded() -> None:
    """reimage-ephemeral-list-before."""
    said = (
        "Microsoft.Compute/HighCostGetVMScaleSetSubscriptionMaximum;1079,"
        "Microsoft.Compute/HighCostGetVMScaleSetResource;29,"
        "Microsoft.Compute/VMScaleSetVMViewsSubscriptionMaximum;29999"
    )
    assert lists_left({"x-ms-ratelimit-remaining-resource": said}) == 29
    assert lists_left({}) is None
