"""Windows and freezes that never let a rollout begin: refused at the plan and at the start."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from story import NEW, System
from windows import HOUR, ZONE, window

type Json = dict[str, Any]


def test_the_plan_says_when_the_first_batch_could_begin(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    opens = window(system, 3 * HOUR, 5 * HOUR)
    plan = system.plan(scale_set, policy={"windows": [opens]})
    assert plan["opening"]["message"].startswith("The first batch waits until ")
    first = datetime.fromisoformat(plan["opening"]["firstBatchAt"]).astimezone(ZoneInfo(ZONE))
    assert f"{first:%H:%M}" == opens["from"]
    now = system.plan(scale_set, policy={"windows": [window(system, -HOUR, 5 * HOUR)]})
    assert now["opening"]["message"] == "The first batch may begin now"
    assert "opening" not in system.plan(scale_set)


def test_the_plan_warns_of_more_batches_than_fit_before_the_deadline(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    opens = window(system, HOUR, timedelta(minutes=40))
    [warning] = system.plan(scale_set, policy={"windows": [opens]})["warnings"]
    assert warning.startswith("If each batch takes as long as it may, only 2 of 5 fit into the")


def refused(system: System, policy: Json) -> Json:
    scale_set = system.scale_set(capacity=10)
    body = {"scaleSet": scale_set, "image": {"version": NEW}, "policy": policy}
    plan = system.api.post("/api/rollouts/plan", json=body)
    start = system.api.post("/api/rollouts", json=body)
    assert (plan.status_code, start.status_code) == (400, 400)
    assert plan.json()["errors"] == start.json()["errors"]
    [error] = start.json()["errors"]
    assert system.truth(scale_set)["instances"][0]["upgrades"] == 0
    return error


def test_a_batch_that_fits_into_no_window_is_refused_with_the_numbers(system: System) -> None:
    error = refused(system, {"windows": [window(system, HOUR, timedelta(minutes=10))]})
    assert error["path"] == "policy.health.timeout"
    assert (
        "a batch takes 15 min at worst, and the longest time for which anything may run is "
        in (error["message"])
    )
    assert "10 min (daily " in error["message"]


def test_a_window_that_is_just_as_long_as_a_batch_is_refused(system: System) -> None:
    """No timer fires at its very moment: the batch would come too late each night."""
    error = refused(system, {"windows": [window(system, HOUR, timedelta(minutes=15))]})
    assert "longer than a batch by 1 min, for what comes before it is sent" in error["message"]


def test_a_canarys_bake_has_to_fit_as_well(system: System) -> None:
    policy = {"canary": {"instances": 1, "bake": "PT2H"}}
    opens = [{"from": "12:00", "to": "14:10", "timeZone": ZONE}]
    error = refused(system, {**policy, "windows": opens})
    assert "a batch takes 2 h 15 min at worst" in error["message"]


def test_a_window_that_opens_after_the_deadline_is_refused(system: System) -> None:
    policy = {"windows": [window(system, 3 * HOUR, 5 * HOUR)], "deadline": "PT2H"}
    error = refused(system, policy)
    assert error["path"] == "policy.deadline"
    assert error["message"].startswith("of 2 h ends at ")
    assert "and the first batch waits until " in error["message"]


@pytest.mark.parametrize(
    ("policy", "path", "message"),
    [
        (
            {"windows": [{"from": "22:00", "to": "22:00", "timeZone": ZONE}]},
            "policy.windows[0]",
            "has no length",
        ),
        (
            {"windows": [{"from": "22:00", "to": "23:00", "timeZone": "Mars"}]},
            "policy.windows[0].timeZone",
            "'Mars' is not known",
        ),
        ({"windows": []}, "policy.windows", "must not be empty"),
        (
            {
                "freezes": [
                    {"from": "2026-13-01", "to": "2027-01-01", "timeZone": ZONE, "reason": "x"}
                ]
            },
            "policy.freezes[0].from",
            "is neither a day nor a time of a day",
        ),
    ],
)
def test_wrong_windows_are_refused_with_their_paths(
    system: System, policy: Json, path: str, message: str
) -> None:
    error = refused(system, policy)
    assert error["path"] == path
    assert message in error["message"]
