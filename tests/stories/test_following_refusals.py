"""Image versions and tags that start nothing, and are told of."""

import json
from typing import Any

import pytest
from following import followed, follower, publish, rollouts_of, settle, told, versions
from story import System

type Json = dict[str, Any]


def test_a_version_that_never_arrives_is_not_waited_for_for_ever(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_REPLICATION_TIMEOUT", "PT6H")
    scale_set = follower(system, image)
    regions = [{"name": "westus", "state": "Replicating"}]
    publish(system, image, "1.0.1", targetRegions=regions)
    settle(system)
    assert not rollouts_of(system, scale_set)
    said = " ".join(one["message"] for one in told(system, image))
    assert "did not arrive in westus in time" in said


@pytest.mark.parametrize(
    ("more", "why"),
    [
        pytest.param({"provisioningState": "Failed"}, "is Failed", id="failed"),
        pytest.param({"excludeFromLatest": True}, "is excluded from latest", id="excluded"),
        pytest.param({"targetRegions": ["eastus"]}, "does not go to westus", id="elsewhere"),
    ],
)
def test_a_version_that_cannot_be_used_starts_nothing(
    system: System, image: str, more: Json, why: str
) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1", **more)
    settle(system)
    assert not rollouts_of(system, scale_set)
    assert why in " ".join(one["message"] for one in told(system, image))


def test_a_version_that_was_excluded_and_is_not_any_more_is_rolled(
    system: System, image: str
) -> None:
    scale_set = follower(system, image)
    publish(system, image, "1.0.1", excludeFromLatest=True)
    settle(system)
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]


def test_a_version_that_is_deleted_meanwhile_starts_nothing(system: System, image: str) -> None:
    scale_set = follower(system, image)
    identity = publish(system, image, "1.0.1", creationDuration="PT1H")
    system.azure.delete("/_sim/images", params={"image": identity})
    settle(system)
    assert not rollouts_of(system, scale_set)
    assert "no longer exists" in followed(system, image)["message"]


def test_a_wrong_setting_is_told_while_it_is_waited_for(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_set = follower(system, image)
    monkeypatch.setenv("ROLLOUT_WAVES", "canary")
    publish(system, image, "1.0.1")
    message = followed(system, image)["message"]
    assert message.startswith("Waiting for version 1.0.1: ")
    assert "ROLLOUT_WAVES" in message
    monkeypatch.setenv("ROLLOUT_WAVES", '[{"name": "canary"}]')
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]


def test_tags_that_make_no_sense_are_told_and_the_others_go_on(
    system: System, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_POLICIES", json.dumps({"careful": {"maxBatchInstances": 1}}))
    waves = [{"name": "canary"}, {"name": "prod", "bakeAfter": "PT10M"}]
    monkeypatch.setenv("ROLLOUT_WAVES", json.dumps(waves))
    good = follower(system, image, policy="careful")
    lost = [
        follower(system, image, policy="reckless"),
        follower(system, image, "nowhere"),
        follower(system, image, follow="yes please"),
        follower(system, image, **{"follow.mode": "loudly"}),
    ]
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, good, *lost) == ["1.0.1", *["1.0.0"] * 4]
    events = f"/api/fleet-rollouts/{followed(system, image)['fleetRolloutId']}/events"
    why = {
        one["evidence"]["scaleSet"].casefold(): one["message"]
        for one in system.api.get(events).json()
        if one["kind"] == "leftOut"
    }
    asked = ["policies of the app are: careful", "waves are: canary, prod", "to current", "notify"]
    for scale_set, text in zip(lost, asked, strict=True):
        assert text in why[scale_set.casefold()]
    (rollout,) = rollouts_of(system, good)
    assert system.view(rollout["id"])["policy"]["maxBatchInstances"] == 1


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("{}", id="empty"),
        pytest.param('{"eventType": 7, "data": [], "subject": null}', id="nonsense"),
        pytest.param('{"eventType": "Microsoft.Resources.ResourceWriteSuccess", "data": {'
                     '"operationName": "Microsoft.Compute/galleries/images/versions/write"}, '
                     '"subject": "/subscriptions/x/../y"}', id="no version"),
        pytest.param('{"eventType": "Microsoft.Resources.ResourceDeleteSuccess"}', id="a delete"),
    ],
)  # fmt: skip
def test_an_event_about_something_else_is_taken_and_dropped(
    system: System, image: str, event: str
) -> None:
    path = "/runtime/webhooks/eventgrid?functionName=on_image_published"
    headers = {"aeg-event-type": "Notification", "content-type": "application/json"}
    answer = system.api.post(path, content=f"[{event}]", headers=headers)
    assert answer.status_code == 202
    listed = system.api.get("/api/followed-images").json()
    assert not [one for one in listed if one["definition"].endswith(f"/{image}")]
