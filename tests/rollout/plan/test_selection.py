from typing import Any

import pytest
from builders import instance, inventory, policy, spread

from rollout.base import FieldError
from rollout.inventory import Inventory
from rollout.plan import selection_errors
from rollout.plan.selection import selected

INVENTORY = inventory(spread(6, update_domains=3, zones=2))
"""Instances 0, 1, 2 in zone 1 and 3, 4, 5 in zone 2; update domains 0, 1, 2 in each."""


@pytest.mark.parametrize(
    ("rules", "ids"),
    [
        pytest.param({}, "012345", id="all, when nothing is named"),
        pytest.param({"updateDomains": [0]}, "03", id="those of an update domain"),
        pytest.param({"updateDomains": [2, 0]}, "0235", id="those of several update domains"),
        pytest.param({"zones": ["2"]}, "345", id="those of a zone"),
        pytest.param({"instanceIds": ["4", "1"]}, "14", id="those that are named"),
        pytest.param(
            {"updateDomains": [0], "zones": ["2"]}, "3", id="only those that match every field"
        ),
    ],
)
def test_a_policy_selects(rules: dict[str, Any], ids: str) -> None:
    assert "".join(each.instance_id for each in selected(policy(**rules), INVENTORY)) == ids


def test_names_of_instances_have_no_case() -> None:
    there = inventory([instance("Web_1f2e3d4c"), instance("web_00000001")])
    rules = policy(instanceIds=["WEB_1F2E3D4C"])
    assert [each.instance_id for each in selected(rules, there)] == ["Web_1f2e3d4c"]
    assert selection_errors(rules, there) == []


@pytest.mark.parametrize("rules", [{"updateDomains": [0]}, {"zones": ["1"]}])
def test_an_instance_that_has_no_domain_or_zone_is_in_none(rules: dict[str, Any]) -> None:
    assert selected(policy(**rules), inventory([instance(0)])) == []


@pytest.mark.parametrize("rules", [{}, {"zones": ["1"]}, {"updateDomains": [0, 1, 2]}])
def test_what_exists_may_be_selected(rules: dict[str, Any]) -> None:
    assert selection_errors(policy(**rules), INVENTORY) == []


@pytest.mark.parametrize(
    ("rules", "there", "error"),
    [
        pytest.param(
            {"updateDomains": [0, 7]},
            INVENTORY,
            (
                "policy.updateDomains[1]",
                "7 does not exist in this scale set: there are 0, 1, 2",
            ),
            id="an update domain that does not exist",
        ),
        pytest.param(
            {"zones": ["3"]},
            INVENTORY,
            ("policy.zones[0]", "3 does not exist in this scale set: there are 1, 2"),
            id="a zone that does not exist",
        ),
        pytest.param(
            {"zones": ["1"]},
            inventory([instance(0)]),
            (
                "policy.zones[0]",
                "1 does not exist: the instances of this scale set have none",
            ),
            id="a zone where there are no zones",
        ),
        pytest.param(
            {"instanceIds": ["9"]},
            INVENTORY,
            (
                "policy.instanceIds[0]",
                "9 does not exist in this scale set: there are 0, 1, 2, 3, 4, 5",
            ),
            id="an instance that does not exist",
        ),
        pytest.param(
            {"updateDomains": [0], "instanceIds": ["1"]},
            INVENTORY,
            ("policy", "selects no instance of this scale set"),
            id="fields that exclude each other",
        ),
        pytest.param(
            {"batchBy": "updateDomain"},
            inventory([instance(0, 0), instance(1)]),
            (
                "policy.batchBy",
                "is updateDomain, but not every instance of this scale set has one: use auto",
            ),
            id="batches by something not all instances have",
        ),
    ],
)
def test_an_error_for(rules: dict[str, Any], there: Inventory, error: tuple[str, str]) -> None:
    assert selection_errors(policy(**rules), there) == [FieldError(path=error[0], message=error[1])]


def test_each_thing_that_does_not_exist_is_told() -> None:
    rules = policy(updateDomains=[7, 8], zones=["3"])
    assert [error.path for error in selection_errors(rules, INVENTORY)] == [
        "policy.updateDomains[0]",
        "policy.updateDomains[1]",
        "policy.zones[0]",
    ]


def test_of_many_instances_the_first_are_named_and_the_rest_are_counted() -> None:
    (error,) = selection_errors(policy(instanceIds=["1000"]), inventory(spread(100)))
    first = ", ".join(str(number) for number in range(20))
    assert error.message.endswith(f"there are {first} and 80 more")


def test_an_empty_scale_set_is_no_error() -> None:
    assert selection_errors(policy(), inventory([])) == []


@pytest.mark.parametrize("batch_by", ["updateDomain", "zone", "faultDomain", "none", "auto"])
def test_one_may_batch_by_what_all_instances_have(batch_by: str) -> None:
    there = inventory(spread(6, update_domains=3, zones=2, fault_domains=2))
    assert selection_errors(policy(batchBy=batch_by), there) == []
