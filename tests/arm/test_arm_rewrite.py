"""The fault that rewrites answers: of rows, fields, headers, statuses, whole bodies."""

from typing import Any

import pytest
from arm_world import World

SET = "virtualMachineScaleSets/web"
VMS = f"{SET}/virtualMachines"


@pytest.fixture
def rolling(world: World) -> World:
    world.add()
    world.roll_model()
    return world


def declare(world: World, **fault: Any) -> None:
    answer = world.http.post("/_sim/faults", json={"kind": "rewrite", **fault})
    assert answer.status_code == 201, answer.text


def listed(world: World) -> list[str]:
    return [row["instanceId"] for row in world.call("GET", VMS).json()["value"]]


def test_a_row_is_missing_from_one_list(rolling: World) -> None:
    everyone = listed(rolling)
    declare(rolling, pattern="virtualMachines$", instances={"0": None})
    assert listed(rolling) == everyone[1:]
    assert listed(rolling) == everyone


def test_a_row_is_changed(rolling: World) -> None:
    declare(rolling, path=VMS, instances={"1": {"properties": {"provisioningState": "Failed"}}})
    rows = rolling.call("GET", VMS).json()["value"]
    states = {row["instanceId"]: row["properties"]["provisioningState"] for row in rows}
    assert (states["0"], states["1"]) == ("Succeeded", "Failed")


def test_a_body_is_replaced_as_often_as_it_says(rolling: World) -> None:
    declare(rolling, path=VMS, body={"value": []}, count=2)
    assert [len(listed(rolling)) for _ in range(3)][:2] == [0, 0]
    assert listed(rolling)


def test_a_body_may_be_null(rolling: World) -> None:
    declare(rolling, path=VMS, body=None)
    answer = rolling.call("GET", VMS)
    assert (answer.status_code, answer.text) == (200, "null")


def test_an_error_needs_no_body(rolling: World) -> None:
    declare(rolling, path=SET, status=404)
    answer = rolling.call("GET", SET)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NotFound")
    assert rolling.call("GET", SET).status_code == 200


def test_fields_are_merged_and_null_takes_one_away(rolling: World) -> None:
    declare(
        rolling, path=SET, patch={"properties": {"provisioningState": "Updating"}, "etag": None}
    )
    body = rolling.call("GET", SET).json()
    assert body["properties"]["provisioningState"] == "Updating"
    assert body["properties"]["virtualMachineProfile"]
    assert "etag" not in body


def test_headers_are_replaced_or_taken_away(rolling: World) -> None:
    headers = {"Retry-After": "inf", "Azure-AsyncOperation": None}
    declare(rolling, path="manualupgrade", headers=headers)
    answer = rolling.upgrade("0")
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "inf")
    assert "azure-asyncoperation" not in answer.headers
    assert rolling.truth()["instances"][0]["upgrades"] == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_request_that_is_refused_is_carried_out_only_if_it_says_so(
    rolling: World,
    after: bool,  # noqa: FBT001
) -> None:
    declare(rolling, method="POST", path="manualupgrade", status=404, after=after)
    assert rolling.upgrade("0").status_code == 404
    assert rolling.truth()["instances"][0]["upgrades"] == after


def test_it_hits_the_third_request(rolling: World) -> None:
    declare(rolling, path=SET, status=503, skip=2)
    found = [rolling.call("GET", SET).status_code for _ in range(4)]
    assert found == [200, 200, 503, 200]


def test_what_is_no_expression_is_refused(rolling: World) -> None:
    answer = rolling.http.post("/_sim/faults", json={"kind": "rewrite", "pattern": "("})
    assert answer.status_code == 400
    assert "is not a regular expression" in answer.text
