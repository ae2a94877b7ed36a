import pytest
from builders import policy
from pydantic import ValidationError

from rollout.base import budget_of, field_errors, share_of
from rollout.plan import Policy

COUNT_OR_PERCENTAGE = 'must be a count such as 4 or a percentage such as "20%"'


@pytest.mark.parametrize(
    ("amount", "total", "instances"),
    [
        pytest.param(4, 20, 4, id="a count is that many"),
        pytest.param("20%", 20, 4, id="a percentage is of the whole scale set"),
        pytest.param("20%", 21, 5, id="a percentage rounds up"),
        pytest.param("1%", 20, 1, id="a small percentage is still one instance"),
        pytest.param("20%", 0, 1, id="of an empty scale set it is still one instance"),
        pytest.param("100%", 7, 7, id="all of it is all of it"),
    ],
)
def test_a_batch_may_hold(amount: int | str, total: int, instances: int) -> None:
    assert share_of(amount, total) == instances


@pytest.mark.parametrize(
    ("amount", "total", "instances"),
    [
        pytest.param(3, 20, 3, id="a count is that many"),
        pytest.param(0, 20, 0, id="none may be none"),
        pytest.param("20%", 20, 4, id="a percentage is of the whole scale set"),
        pytest.param("20%", 24, 4, id="a percentage rounds down"),
        pytest.param("20%", 4, 0, id="a small percentage may come to none"),
        pytest.param("100%", 7, 7, id="all of it is all of it"),
    ],
)
def test_unhealthy_may_be(amount: int | str, total: int, instances: int) -> None:
    assert budget_of(amount, total) == instances


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        pytest.param("20", COUNT_OR_PERCENTAGE, id="text without a percent sign"),
        pytest.param("20 %", COUNT_OR_PERCENTAGE, id="a blank before the percent sign"),
        pytest.param("-5%", COUNT_OR_PERCENTAGE, id="a negative percentage"),
        pytest.param("1000%", COUNT_OR_PERCENTAGE, id="four digits"),
        pytest.param(2.5, COUNT_OR_PERCENTAGE, id="half an instance"),
        pytest.param(True, COUNT_OR_PERCENTAGE, id="a truth value"),
        pytest.param(None, COUNT_OR_PERCENTAGE, id="nothing"),
        pytest.param(-1, "must not be negative", id="a negative count"),
        pytest.param("101%", "must not be above 100%", id="more than all"),
    ],
)
@pytest.mark.parametrize("field", ["maxBatchInstances", "maxUnhealthyInstances"])
def test_no_amount_is(field: str, amount: object, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.from_request({field: amount})
    (error,) = field_errors(refused.value)
    assert (error.path, error.message) == (field, message)


@pytest.mark.parametrize("amount", [0, "0%", "00%", "000%"])
def test_a_batch_of_no_instances_is_refused(amount: int | str) -> None:
    with pytest.raises(ValidationError, match="no instance could ever be upgraded"):
        Policy.from_request({"maxBatchInstances": amount})


@pytest.mark.parametrize("amount", [0, "0%"])
def test_a_budget_of_no_instances_is_fine(amount: int | str) -> None:
    assert policy(maxUnhealthyInstances=amount).max_unhealthy_instances == amount
