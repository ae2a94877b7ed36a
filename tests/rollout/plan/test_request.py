from datetime import timedelta
from typing import Any

import pytest
from builders import SCALE_SET
from pydantic import ValidationError

from rollout.base import FieldError, field_errors
from rollout.plan import Policy, RolloutRequest

SMALLEST: dict[str, Any] = {"scaleSet": str(SCALE_SET), "image": {"version": "14.04.201507060"}}

LARGEST: dict[str, Any] = {
    "id": "cve-2026-1234.web",
    "scaleSet": str(SCALE_SET),
    "image": {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "S", "version": "1.0"},
    "policy": {
        "batchBy": "updateDomain",
        "maxBatchInstances": "20%",
        "updateDomains": [0],
        "zones": ["1"],
        "instanceIds": ["3"],
        "allowFullOutage": True,
        "canary": {"instances": 1, "bake": "PT5M"},
        "approval": "canary",
        "approvalTimeout": "PT4H",
        "pauseBetweenBatches": "PT2M",
        "health": {
            "source": "applicationHealth",
            "interval": "PT15S",
            "stable": "PT1M",
            "timeout": "PT15M",
            "unhealthyAfter": "PT5M",
            "provisioningFailed": "ignore",
        },
        "maxUnhealthyInstances": "20%",
        "maxUnhealthyUpgradedInstances": 0,
        "onFailure": "pause",
        "rollbackOnFailure": "stop",
        "decisionTimeout": "PT8H",
        "deadline": "P1D",
        "gates": [],
        "hooks": [],
    },
    "reason": "CVE-2026-1234",
    "by": "alice@contoso.com",
}


def _refused(body: dict[str, Any]) -> list[FieldError]:
    with pytest.raises(ValidationError) as refused:
        RolloutRequest.from_request(body)
    return field_errors(refused.value)


def _refused_policy(fields: dict[str, Any]) -> list[FieldError]:
    return _refused({**SMALLEST, "policy": fields})


def test_a_scale_set_and_an_image_are_enough() -> None:
    assert RolloutRequest.from_request(SMALLEST).policy == Policy()


def test_the_defaults_are_the_safe_ones() -> None:
    policy = Policy()
    assert (
        policy.batch_by,
        policy.max_batch_instances,
        policy.max_unhealthy_instances,
        policy.max_unhealthy_upgraded_instances,
        policy.pause_between_batches,
        policy.deadline,
    ) == ("auto", "20%", "20%", 0, timedelta(0), timedelta(days=1))


def test_by_default_health_must_hold_a_minute_and_come_within_fifteen() -> None:
    health = Policy().health
    assert (health.source, health.interval, health.stable, health.timeout) == (
        "auto",
        timedelta(seconds=15),
        timedelta(minutes=1),
        timedelta(minutes=15),
    )


def test_a_canary_is_one_instance_for_five_minutes() -> None:
    canary = Policy.from_request({"canary": {}}).canary
    assert canary is not None
    assert (canary.instances, canary.bake) == (1, timedelta(minutes=5))


def test_a_request_is_written_as_it_was_read() -> None:
    assert RolloutRequest.from_request(LARGEST).to_json() == LARGEST


def test_a_request_says_what_it_left_open() -> None:
    assert RolloutRequest.from_request(SMALLEST).to_json()["policy"]["health"]["timeout"] == "PT15M"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param(
            {"scaleSet": None},
            ("scaleSet", "must be the ARM id of a scale set"),
            id="a scale set that is none",
        ),
        pytest.param(
            {"policies": {}},
            ("policies", "is not a field of this request"),
            id="a field there is not",
        ),
        pytest.param(
            {"policy": {"healthy": {}}},
            ("policy.healthy", "is not a field of this request"),
            id="a field there is not, further down",
        ),
        pytest.param(
            {"id": "-r1"},
            ("id", "characters that are not allowed"),
            id="an id that begins with a dash",
        ),
        pytest.param(
            {"id": "r/1"}, ("id", "characters that are not allowed"), id="an id with a slash"
        ),
        pytest.param(
            {"id": "r:1"}, ("id", "characters that are not allowed"), id="an id with a colon"
        ),
        pytest.param(
            {"id": "r1\n"}, ("id", "characters that are not allowed"), id="an id with a line break"
        ),
        pytest.param(
            {"id": "r" * 101},
            ("id", "characters that are not allowed"),
            id="an id of 101 characters",
        ),
        pytest.param({"id": ""}, ("id", "characters that are not allowed"), id="an empty id"),
        pytest.param({"reason": "x" * 257}, ("reason", "at most 256"), id="a novel for a reason"),
        pytest.param({"by": 7}, ("by", "a text in quotes"), id="a number for a name"),
        pytest.param({"image": {}}, ("image", "exactly one form"), id="no image"),
    ],
)
def test_a_request_is_refused_for(change: dict[str, Any], error: tuple[str, str]) -> None:
    (found,) = _refused({**SMALLEST, **change})
    assert found.path == error[0]
    assert error[1] in found.message


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        pytest.param({"batchBy": "rack"}, "batchBy", id="batches by something Azure has not"),
        pytest.param({"updateDomains": []}, "updateDomains", id="an empty list of domains"),
        pytest.param({"updateDomains": ["0"]}, "updateDomains[0]", id="a domain as text"),
        pytest.param({"updateDomains": [0, -1]}, "updateDomains[1]", id="a negative domain"),
        pytest.param({"zones": []}, "zones", id="an empty list of zones"),
        pytest.param({"zones": [1]}, "zones[0]", id="a zone as a number"),
        pytest.param({"instanceIds": []}, "instanceIds", id="an empty list of instances"),
        pytest.param({"instanceIds": [3]}, "instanceIds[0]", id="an instance as a number"),
        pytest.param({"canary": {"instances": 0}}, "canary.instances", id="a canary of none"),
        pytest.param({"canary": {"instances": True}}, "canary.instances", id="a canary of true"),
        pytest.param({"health": {"source": "ping"}}, "health.source", id="an unknown source"),
        pytest.param({"deadline": "PT0S"}, "deadline", id="a deadline at the start"),
        pytest.param(
            {"canary": {"bake": "PT2H"}, "deadline": "PT1H"}, "", id="a bake after the deadline"
        ),
        pytest.param({"approval": "canary"}, "", id="approval of no canary"),
        pytest.param({"approval": "twice"}, "approval", id="an unknown approval"),
        pytest.param({"approvalTimeout": "PT0S"}, "approvalTimeout", id="no time to approve"),
        pytest.param({"onFailure": "ignore"}, "onFailure", id="failures to be ignored"),
        pytest.param({"allowFullOutage": "yes"}, "allowFullOutage", id="a word for true"),
        pytest.param({"faultDomains": [0.5]}, "faultDomains[0]", id="half a fault domain"),
        pytest.param({"maxBatchInstances": 0}, "maxBatchInstances", id="batches of none"),
        pytest.param({"maxBatchInstances": "101%"}, "maxBatchInstances", id="more than all"),
        pytest.param({"maxBatchInstances": ""}, "maxBatchInstances", id="a blank batch size"),
        pytest.param({"maxUnhealthyInstances": -1}, "maxUnhealthyInstances", id="below none"),
    ],
)
def test_a_policy_is_refused_for(fields: dict[str, Any], path: str) -> None:
    whole = f"policy.{path}" if path else "policy"
    assert [error.path for error in _refused_policy(fields)] == [whole]


def test_every_error_is_told_at_once() -> None:
    errors = _refused({"image": {}, "policy": {"zones": [], "deadline": "soon"}, "colour": "red"})
    assert {error.path for error in errors} == {
        "scaleSet",
        "image",
        "policy.zones",
        "policy.deadline",
        "colour",
    }


def test_a_missing_field_is_required() -> None:
    assert _refused({"image": SMALLEST["image"]}) == [
        FieldError(path="scaleSet", message="is required")
    ]


@pytest.mark.parametrize(
    "health",
    [
        pytest.param({"stable": "PT5M", "timeout": "PT5M"}, id="as long"),
        pytest.param({"stable": "PT5M", "timeout": "PT1M"}, id="shorter"),
        pytest.param({"stable": "PT20M"}, id="as long as the default, and less than stable"),
        pytest.param({"timeout": "PT1M"}, id="as long as the default of stable"),
    ],
)
def test_a_timeout_that_no_batch_could_meet_is_refused(health: dict[str, str]) -> None:
    (error,) = _refused_policy({"health": health})
    assert error.message == "must be longer than health.stable, else no batch could ever pass"


def test_a_timeout_that_no_batch_could_meet_is_told_at_its_path() -> None:
    health = {"stable": "PT5M", "timeout": "PT1M"}
    assert [error.path for error in _refused_policy({"health": health})] == [
        "policy.health.timeout"
    ]


def test_a_deadline_before_any_batch_could_pass_is_told_at_its_path() -> None:
    assert [error.path for error in _refused_policy({"deadline": "PT30S"})] == ["policy.deadline"]


def test_json_names_are_in_camel_case_only() -> None:
    snake = {"scale_set": SMALLEST["scaleSet"], "image": SMALLEST["image"]}
    assert {error.path for error in _refused(snake)} == {"scaleSet", "scale_set"}


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    assert [error.path for error in _refused(body)] == ["$"]
