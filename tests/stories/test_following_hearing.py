"""A follower hears of every version, however many there are; what changes nothing is not raised."""

from datetime import timedelta
from typing import Any

import pytest
from following import followed, follower, publish, rollouts_of, settle, told, versions
from story import System

type Json = dict[str, Any]


def raised(system: System, image: str) -> int:
    """How many events have reached the follower that runs."""
    hooks = "/runtime/webhooks/durabletask/instances"
    instance = system.api.get(
        f"{hooks}/{followed(system, image)['id']}", params={"showHistory": "true"}
    ).json()
    return sum(each["EventType"] == "EventRaised" for each in instance["historyEvents"])


def test_what_changes_nothing_is_not_raised(system: System, image: str) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    system.fault("duplicateEvents", times=30)
    for number in ("1.0.0", "1.0.1", "0.9.0"):
        publish(system, image, number, tags={"end-of-life": "soon"})
    assert raised(system, image) == 0
    publish(system, image, "1.0.2")
    assert raised(system, image) == 1
    system.azure.delete("/_sim/faults")
    settle(system)
    assert versions(system, scale_set) == ["1.0.2"]
    assert len(rollouts_of(system, scale_set)) == 2


def test_more_versions_than_it_can_hear_end_at_the_newest(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrators.follow.following.VERSIONS_ACCEPTED", 6)
    monkeypatch.setattr("orchestrators.follow.following._HEARD_IN_A_LIFE", 3)
    scale_set = follower(system, image)
    for number in range(1, 13):
        publish(system, image, f"1.0.{number}")
    system.azure.delete("/_sim/event-subscriptions")  # Event Grid has given up
    looked_after(system)
    assert versions(system, scale_set) == ["1.0.12"]
    assert followed(system, image)["version"] == "1.0.12"
    assert len(rollouts_of(system, scale_set)) == 2


def test_a_follower_that_has_handled_many_versions_starts_anew_and_loses_none(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrators.follow.following._HANDLED_IN_A_LIFE", 1)
    scale_set = follower(system, image)
    for number in ("1.0.1", "1.0.2", "1.0.3"):
        publish(system, image, number)
    looked_after(system)
    assert versions(system, scale_set) == ["1.0.3"]
    assert followed(system, image)["state"] == "rolled"
    said = [one["message"] for one in told(system, image)]
    assert said.count("Version 1.0.3 was published") == 1


def looked_after(system: System) -> None:
    """Hours pass, and the timer looks after what has nobody above it."""
    for _ in range(5):
        settle(system)
        system.clock.advance(timedelta(minutes=5))
        system.look_after()
    settle(system)


@pytest.mark.parametrize("passed", ["waiting", "queued"])
def test_a_version_that_was_passed_over_for_one_of_no_use_is_rolled_after_all(
    system: System, image: str, passed: str
) -> None:
    scale_set = follower(system, image)
    if passed == "queued":
        publish(system, image, "1.0.1")
        publish(system, image, "1.0.2")
    else:
        publish(system, image, "1.0.2", creationDuration="PT30M")
    publish(system, image, "1.0.3", provisioningState="Failed")
    settle(system)
    assert versions(system, scale_set) == ["1.0.2"]
