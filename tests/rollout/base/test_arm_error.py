import json
from typing import Any

import pytest
from builders import SCALE_SET, throttled

from rollout.base import ArmError, ArmErrorKind, ArmFailure, FieldError, Problem, SettingError

NOT_FOUND = {
    "kind": ArmErrorKind.NOT_FOUND,
    "action": "read the scale set",
    "status": 404,
    "code": "ResourceNotFound",
    "message": "The Resource 'web' under resource group 'demo' was not found",
}


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("busy", True),
        ("unavailable", True),
        ("notFound", False),
        ("refused", False),
        ("stale", False),
    ],
)
def test_by_itself_passes(kind: str, *, passes: bool) -> None:
    assert throttled(kind=ArmErrorKind(kind)).passes is passes


def test_an_error_says_what_was_tried_on_what_and_why_it_failed() -> None:
    assert str(throttled(**NOT_FOUND)) == (
        "could not read the scale set web: ResourceNotFound: "
        "The Resource 'web' under resource group 'demo' was not found"
    )


def test_what_is_no_scale_set_is_named_in_full() -> None:
    image = str(SCALE_SET).replace("virtualMachineScaleSets", "images")
    assert f"could not read {image}: " in str(throttled(action="read", resource=image))


def test_a_failure_carries_its_error() -> None:
    failure = ArmFailure(throttled())
    assert (failure.error, str(failure)) == (throttled(), str(throttled()))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"kind": "notFound", "status": 404}, 404, id="not found is not found"),
        pytest.param({"kind": "stale", "status": 412}, 409, id="stale is a conflict"),
        pytest.param({"kind": "busy", "status": 409}, 409, id="busy is a conflict"),
        pytest.param({"kind": "unavailable", "status": 429}, 503, id="throttled is unavailable"),
        pytest.param({"kind": "unavailable", "status": 0}, 503, id="no connection is unavailable"),
        pytest.param({"kind": "refused", "status": 403}, 403, id="forbidden is forbidden"),
        pytest.param({"kind": "unavailable", "status": 401}, 503, id="our token, not the caller's"),
        pytest.param({"kind": "refused", "status": 400}, 502, id="anything else is a bad gateway"),
    ],
)
def test_for_our_caller(changes: dict[str, Any], status: int) -> None:
    error = throttled(**{**changes, "kind": ArmErrorKind(changes["kind"])})
    assert error.as_problem().status == status


@pytest.mark.parametrize(
    ("kind", "asked", "retry_after"),
    [
        pytest.param("unavailable", 7.0, 7, id="what Azure asked for"),
        pytest.param("unavailable", 0.2, 1, id="rounded up"),
        pytest.param("unavailable", None, 15, id="a pause of our own when Azure said nothing"),
        pytest.param("unavailable", 0.0, 15, id="never none at all"),
        pytest.param("notFound", None, None, id="nothing where waiting does not help"),
    ],
)
def test_try_again_after(kind: str, asked: float | None, retry_after: int | None) -> None:
    error = throttled(kind=ArmErrorKind(kind), retry_after=asked)
    assert error.as_problem().retry_after == retry_after


def test_a_problem_says_what_to_do_next() -> None:
    assert throttled(**NOT_FOUND).as_problem().detail == (
        f"Azure Resource Manager: {throttled(**NOT_FOUND)}. "
        "Check the id, and that the app's identity may read it."
    )


@pytest.mark.parametrize("kind", list(ArmErrorKind))
def test_a_sentence_of_azures_ends_with_one_full_stop(kind: ArmErrorKind) -> None:
    error = throttled(kind=kind, message="The entity was not found in this Azure location.")
    assert ".." not in error.as_problem().detail


def test_a_problem_is_plain_json() -> None:
    problem = throttled(retry_after=7).as_problem()
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


def test_a_wrong_setting_is_an_answer_that_says_nothing_about_health_and_passes() -> None:
    wrong = [FieldError(path="ARM_ENDPOINT", message="ARM_ENDPOINT is wrong")]
    error = ArmError.of_settings(SettingError(wrong))
    assert (error.kind, error.status, error.passes) == (ArmErrorKind.UNAVAILABLE, 0, True)
    assert str(error) == (
        "could not ask Azure Resource Manager: WrongSetting: ARM_ENDPOINT is wrong"
    )
