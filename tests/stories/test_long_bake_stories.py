"""A canary that bakes for hours: no history grows with it, and nothing is overlooked."""

import pytest
from story import NEW, System

LONGEST_HISTORY = 500
"""Rows: each turn replays all of them."""
TWELVE, SIX = ({"canary": {"instances": 1, "bake": bake}} for bake in ("PT12H", "PT6H"))


def longest(system: System, rollout: str) -> int:
    """The rows of the longest history of its orchestrations."""
    store = system.host.store
    own = [each.id for each in store.instances() if each.id.startswith(rollout)]
    return max(len(store.history(each)) for each in own)


def test_a_bake_of_twelve_hours_leaves_short_histories_and_costs_few_calls(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    view = system.run(scale_set, policy=TWELVE)
    assert view["phase"] == "Succeeded"
    assert system.truth(scale_set)["violations"] == []
    assert longest(system, view["id"]) <= LONGEST_HISTORY
    looks, reads_of_the_policy = 12 * 12, 12 * 6
    assert len(system.requests(path=scale_set)) < looks + reads_of_the_policy + 60


def test_a_canary_that_falls_ill_in_the_last_hour_is_noticed(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    system.fault("badImage", version=NEW, after="PT5H30M")
    view = system.run(scale_set, policy=SIX)
    assert view["phase"] == "RolledBack", view["message"]
    assert view["counts"]["done"] == 0
    assert longest(system, view["id"]) <= LONGEST_HISTORY


@pytest.mark.by_day(0)
def test_its_events_are_numbered_on(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    rollout = system.start(scale_set, policy=SIX).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    for _ in range(5):
        system.fault("throttle", count=1, retryAfter=30)
        system.pass_minutes(60)
    assert system.finish(rollout)["phase"] == "Succeeded"
    waiting = [each for each in system.events(rollout) if each["kind"] == "waiting"]
    assert sum(each.get("times", 1) for each in waiting) >= 4
