"""What may be asked of a fleet rollout."""

from datetime import timedelta
from typing import Any

import pytest
from builders import SCALE_SET
from pydantic import ValidationError

from rollout.base import FieldError, field_errors
from rollout.fleet import FleetRolloutRequest
from rollout.plan import Policy

CANARY: dict[str, Any] = {"name": "canary", "scaleSets": [str(SCALE_SET)]}
PROD: dict[str, Any] = {"name": "prod", "selector": {"tags": {"ring": "1"}}}
SMALLEST: dict[str, Any] = {"image": {"version": "2"}, "waves": [CANARY]}


def refused(body: dict[str, Any]) -> list[FieldError]:
    with pytest.raises(ValidationError) as error:
        FleetRolloutRequest.from_request(body)
    return field_errors(error.value)


def test_an_image_and_a_wave_are_enough() -> None:
    request = FleetRolloutRequest.from_request(SMALLEST)
    assert (request.policy, request.id, request.by) == (Policy(), None, None)


def test_the_defaults_of_a_fleet_rollout_are_the_safe_ones() -> None:
    request = FleetRolloutRequest.from_request(SMALLEST)
    [wave] = request.waves
    assert (wave.max_concurrent, wave.max_failed_scale_sets, wave.approval) == (1, 0, "none")
    assert (wave.bake_after, wave.minimum_image_age) == (timedelta(0), timedelta(0))
    assert (request.approval_timeout, request.deadline) == (timedelta(days=3), timedelta(days=30))


def test_a_fleet_request_is_written_as_it_was_read() -> None:
    wave = {
        "maxConcurrent": 2,
        "bakeAfter": "PT1H",
        "approval": "before",
        "maxFailedScaleSets": 1,
        "onNothingVerified": "fail",
        "minimumImageAge": "P1D",
    }
    body = {
        **SMALLEST,
        "id": "f1",
        "waves": [{**CANARY, **wave}, {**PROD, **wave, "policy": Policy().to_json()}],
        "policy": Policy().to_json(),
        "approvalTimeout": "P2D",
        "deadline": "P20D",
        "reason": "CVE-2026-1234",
        "by": "alice@contoso.com",
    }
    assert FleetRolloutRequest.from_request(body).to_json() == body


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        pytest.param({"image": {}}, "image", "exactly one form", id="no image"),
        pytest.param({"waves": []}, "waves", "must not be empty", id="no wave"),
        pytest.param(
            {"waves": [{**CANARY, "name": f"w{number}"} for number in range(51)]},
            "waves", "at most 50", id="more waves than there may be",
        ),
        pytest.param(
            {"waves": [CANARY, {**PROD, "name": "CANARY"}]},
            "$", "must have different names", id="two waves of one name, in any case",
        ),
        pytest.param(
            {"waves": [{**CANARY, "bakeAfter": "P3D"}, PROD], "deadline": "P3D"},
            "$", "longer than all bakeAfter", id="a deadline before the last wave",
        ),
        pytest.param({"waves": [{"name": "w"}]}, "waves[0]", "exactly one of", id="nobody"),
        pytest.param(
            {"waves": [{**CANARY, **PROD}]}, "waves[0]", "exactly one of", id="both ways"
        ),
        pytest.param({"id": "f:1"}, "id", "not allowed", id="an id with a colon"),
        pytest.param({"id": "f" * 61}, "id", "not allowed", id="an id of 61 characters"),
        pytest.param({"deadline": "PT0S"}, "deadline", "longer than zero", id="no time at all"),
        pytest.param({"approvalTimeout": "PT0S"}, "approvalTimeout", "longer than", id="no time"),
        pytest.param({"reason": "x" * 257}, "reason", "at most 256", id="a novel for a reason"),
        pytest.param({"colour": "red"}, "colour", "is not a field", id="a field there is not"),
    ],
)  # fmt: skip
def test_a_fleet_request_is_refused_for(change: dict[str, Any], path: str, message: str) -> None:
    [error] = refused({**SMALLEST, **change})
    assert error.path == path
    assert message in error.message


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param({"name": "?!"}, "name", id="a name of odd letters"),
        pytest.param({"name": "w" * 51}, "name", id="a long name"),
        pytest.param({"maxConcurrent": 0}, "maxConcurrent", id="none at a time"),
        pytest.param({"maxConcurrent": 101}, "maxConcurrent", id="too many at a time"),
        pytest.param({"maxConcurrent": True}, "maxConcurrent", id="a truth value"),
        pytest.param({"maxFailedScaleSets": -1}, "maxFailedScaleSets", id="fewer than none"),
        pytest.param({"approval": "after"}, "approval", id="an approval too late"),
        pytest.param({"bakeAfter": "1 h"}, "bakeAfter", id="a time that is none"),
        pytest.param({"scaleSets": []}, "scaleSets", id="an empty list"),
        pytest.param({"scaleSets": ["web"]}, "scaleSets[0]", id="a bare name"),
        pytest.param({"policy": {"deadline": "soon"}}, "policy.deadline", id="a wrong policy"),
    ],
)
def test_a_wave_is_refused_for(change: dict[str, Any], path: str) -> None:
    [error] = refused({**SMALLEST, "waves": [{**CANARY, **change}]})
    assert error.path == f"waves[0].{path}"


@pytest.mark.parametrize(
    ("selector", "path"),
    [
        pytest.param({"tags": {}}, "tags", id="no tag"),
        pytest.param({"tags": {f"t{number}": "" for number in range(11)}}, "tags", id="too many"),
        pytest.param({"tags": {"a": "b"}, "subscription": "../x"}, "subscription", id="a climb"),
        pytest.param({"tags": {"a": 1}}, "tags.a", id="a number"),
    ],
)
def test_a_selector_is_refused_for(selector: dict[str, Any], path: str) -> None:
    [error] = refused({**SMALLEST, "waves": [{**PROD, "selector": selector}]})
    assert error.path == f"waves[0].selector.{path}"


def test_only_the_waves_before_the_last_bake_within_the_deadline() -> None:
    waves = [{**CANARY, "bakeAfter": "P2D"}, {**PROD, "bakeAfter": "P9D"}]
    request = FleetRolloutRequest.from_request({**SMALLEST, "waves": waves, "deadline": "P3D"})
    assert request.deadline == timedelta(days=3)
