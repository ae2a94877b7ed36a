"""Which gates a policy may have."""

from typing import Any

import pytest
from pydantic import ValidationError

from rollout.base import field_errors
from rollout.gates import GatePlace
from rollout.plan import Policy


def gate(name: str = "g", **fields: Any) -> dict[str, Any]:
    check = {"kind": "http", "url": "https://checks.contoso.com/ready"}
    return {"name": name, "place": "afterBatch", "check": check, **fields}


def refused(*gates: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as error:
        Policy.from_request({"gates": list(gates)})
    return [each.message for each in field_errors(error.value)]


def test_a_policy_without_gates_has_none() -> None:
    assert Policy().gates_at(GatePlace.START) == []


def test_gates_are_found_at_their_place() -> None:
    policy = Policy.from_request({"gates": [gate("a"), gate("b", place="end")]})
    assert [each.name for each in policy.gates_at(GatePlace.END)] == ["b"]


def test_names_are_unique_in_any_case() -> None:
    assert refused(gate("Errors"), gate("errors")) == [
        "must have names of their own: errors is there twice"
    ]


def test_there_are_at_most_twenty() -> None:
    [message] = refused(*(gate(f"g{number}") for number in range(21)))
    assert "at most 20" in message


def test_a_bake_needs_a_canary() -> None:
    [message] = refused(gate(place="bake"))
    assert message.startswith("gate g is asked while the canary bakes: give policy.canary")


@pytest.mark.parametrize("place", ["start", "beforeBatch"])
def test_before_a_batch_nobody_is_upgraded_to_be_compared(place: str) -> None:
    check = {"kind": "metric", "name": "CPU", "condition": "<= +5", "comparedTo": "notUpgraded"}
    [message] = refused({**gate(place=place), "check": check})
    assert message.startswith("comparedTo notUpgraded has nobody to compare before a batch")


def test_passes_in_a_row_must_fit_into_the_timeout() -> None:
    [message] = refused(gate(passes=5, interval="PT1M", timeout="PT4M"))
    assert message.startswith("timeout must be longer than 4 min")


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 51, "<b>"])
def test_a_name_is_short_and_plain(name: str) -> None:
    assert refused(gate(name)) == [
        "has characters that are not allowed here, or is empty or too long"
    ]
