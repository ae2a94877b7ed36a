"""A published image version starts it by itself, for the scale sets whose owners want that."""

import json
from datetime import datetime, timedelta

import pytest
from following import followed, follower, publish, rollouts_of, settle, told, versions
from story import System


def test_two_waves_roll_by_themselves_the_second_after_the_bake(system: System, image: str) -> None:
    canary, prod = follower(system, image), follower(system, image, "prod")
    publish(system, image, "1.0.1")
    one = followed(system, image)
    assert (one["version"], one["state"]) == ("1.0.1", "rolling")
    fleet = one["fleetRolloutId"]
    system.fleet_until(fleet, lambda view: view["waves"][0]["counts"]["done"] == 1)
    assert versions(system, canary, prod) == ["1.0.1", "1.0.0"]
    settle(system)
    view = system.fleet(fleet)
    assert view["phase"] == "Succeeded"
    assert [wave["name"] for wave in view["waves"]] == ["canary", "prod"]
    assert versions(system, canary, prod) == ["1.0.1", "1.0.1"]
    (first,), (second,) = rollouts_of(system, canary), rollouts_of(system, prod)
    between = _time(second["startedAt"]) - _time(first["finishedAt"])
    assert between >= timedelta(hours=1)
    one = followed(system, image)
    assert one["state"] == "rolled"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_bad_image_stops_in_the_first_scale_set_of_the_first_wave(
    system: System, image: str
) -> None:
    canaries = [follower(system, image), follower(system, image)]
    prod = follower(system, image, "prod")
    system.fault("badImage", version="1.0.1")
    publish(system, image, "1.0.1")
    settle(system)
    view = system.fleet(followed(system, image)["fleetRolloutId"])
    assert (view["phase"], [wave["cells"] for wave in view["waves"]]) == ("Failed", ["fp", "p"])
    assert versions(system, *canaries, prod) == ["1.0.0"] * 3
    assert [len(rollouts_of(system, one)) for one in (*canaries, prod)] == [1, 0, 0]


def test_the_same_version_delivered_ten_times_starts_once(system: System, image: str) -> None:
    scale_set = follower(system, image)
    system.fault("duplicateEvents", times=10)
    publish(system, image, "1.0.1")
    settle(system)
    system.deliver()
    publish(system, image, "1.0.1", tags={"only": "a tag"})
    settle(system)
    assert len(rollouts_of(system, scale_set)) == 1
    assert system.truth(scale_set)["models"] == 2
    said = [one["message"] for one in told(system, image)]
    assert said.count("Version 1.0.1 was published") == 1


def test_a_version_is_waited_for_until_it_is_replicated(system: System, image: str) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1", creationDuration="PT10M", replicationDuration="PT2H")
    system.pass_minutes(30)
    assert not rollouts_of(system, scale_set)
    settle(system)
    (rollout,) = rollouts_of(system, scale_set)
    assert rollout["phase"] == "Succeeded"


def test_an_older_version_moves_nobody_back(system: System, image: str) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.10")
    settle(system)
    publish(system, image, "1.0.9")
    settle(system)
    assert versions(system, scale_set) == ["1.0.10"]
    assert len(rollouts_of(system, scale_set)) == 1


def test_the_newest_version_that_comes_meanwhile_is_rolled_afterwards(
    system: System, image: str
) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    for version in ("1.0.2", "1.0.3"):
        publish(system, image, version)
    settle(system)
    assert versions(system, scale_set) == ["1.0.3"]
    assert [one["image"]["to"]["id"][-5:] for one in rollouts_of(system, scale_set)] == [
        "1.0.3",
        "1.0.1",
    ]


def test_or_it_is_ignored_where_the_settings_say_so(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_NEWER_IMAGE", "ignore")
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    publish(system, image, "1.0.2")
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]


def test_who_wants_to_be_told_only_is_not_rolled(system: System, image: str) -> None:
    quiet = follower(system, image, **{"follow.mode": "notify"})
    loud = follower(system, image)
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, quiet, loud) == ["1.0.0", "1.0.1"]
    fleet = followed(system, image)["fleetRolloutId"]
    events = system.api.get(f"/api/fleet-rollouts/{fleet}/events").json()
    (notified,) = [one for one in events if one["kind"] == "notified"]
    assert notified["evidence"]["scaleSet"].casefold() == quiet.casefold()


def test_an_image_must_be_of_some_age(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waves = [{"name": "canary"}, {"name": "prod", "minimumImageAge": "P3D"}]
    monkeypatch.setenv("ROLLOUT_WAVES", json.dumps(waves))
    follower(system, image)
    prod = follower(system, image, "prod")
    began = system.clock.now()
    publish(system, image, "1.0.1")
    settle(system)
    (rollout,) = rollouts_of(system, prod)
    assert _time(rollout["startedAt"]) - began >= timedelta(days=3)


@pytest.mark.parametrize("schema", ["EventGridSchema", "CloudEventSchemaV1_0"])
def test_either_schema_will_do(system: System, image: str, schema: str) -> None:
    system.azure.delete("/_sim/event-subscriptions")
    body = {
        "name": "other",
        "endpoint": system.host.event_grid_url("on_image_published"),
        "schema": schema,
    }
    assert system.azure.post("/_sim/event-subscriptions", json=body).status_code == 201
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]


def test_a_terminated_follower_does_not_roll_the_same_version_twice(
    system: System, image: str
) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1")
    one = followed(system, image)
    hooks = "/runtime/webhooks/durabletask/instances"
    system.api.post(f"{hooks}/{one['id']}/terminate?reason=oops")
    publish(system, image, "1.0.1")
    settle(system)
    assert len(rollouts_of(system, scale_set)) == 1
    assert versions(system, scale_set) == ["1.0.1"]


def test_its_fleet_rollout_counts_instances_too(system: System, image: str) -> None:
    follower(system, image)
    follower(system, image)
    publish(system, image, "1.0.1")
    settle(system)
    fleet = system.fleet(followed(system, image)["fleetRolloutId"])
    assert fleet["instances"] == {"total": 4, "done": 4, "leftAlone": 0}
