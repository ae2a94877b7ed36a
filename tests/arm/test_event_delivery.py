"""How events are delivered: the handshake, at least once, again after the documented delays."""

from typing import Any

import pytest
from arm_world import World
from inbox import Inbox

from local.arm.images.published import GalleryVersion


def publish(world: World, version: str = "1.0.1", **more: Any) -> None:
    """A version that is there at once, so that both its events are."""
    world.azure.add_image(GalleryVersion(gallery="golden", image="web", version=version, **more))


def last(world: World) -> tuple[str, str, list[int | None]]:
    """The latest delivery: its state, why, and what the attempts were answered."""
    one = world.deliveries()[-1]
    return one["state"], one["reason"], [each["status"] for each in one["attempts"]]


@pytest.mark.parametrize("schema", ["EventGridSchema", "CloudEventSchemaV1_0"])
@pytest.mark.parametrize("kind", ["AzureFunction", "WebHook"])
def test_an_endpoint_that_answers_the_handshake_is_subscribed(
    world: World, box: Inbox, schema: str, kind: str
) -> None:
    answer = world.subscribe(box.url, schema=schema, endpointType=kind)
    assert answer.status_code == 201, answer.text
    assert box.bodies == []
    listed = world.http.get("/_sim/event-subscriptions").json()
    assert [(one["name"], one["schema"]) for one in listed] == [("box", schema)]


def test_an_endpoint_that_does_not_answer_the_handshake_is_refused(
    world: World, box: Inbox
) -> None:
    box.agrees = False
    answer = world.subscribe(box.url)
    assert answer.status_code == 400
    assert "was not made" in answer.json()["detail"]
    assert "not with the validation code as validationResponse" in answer.json()["detail"]
    assert world.http.get("/_sim/event-subscriptions").json() == []


def test_a_webhook_that_does_not_allow_event_grid_is_refused(world: World, box: Inbox) -> None:
    box.allowed = "someone.else"
    answer = world.subscribe(box.url, schema="CloudEventSchemaV1_0", endpointType="WebHook")
    assert answer.status_code == 400
    assert "WebHook-Allowed-Origin 'someone.else'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        ("http://127.0.0.1:9/events", "cannot be reached"),
        ("http://a:b/", "cannot be reached"),
        ("{box}/nothing", "with 404"),
    ],
)
def test_an_endpoint_that_is_not_there_is_refused(
    world: World, box: Inbox, endpoint: str, told: str
) -> None:
    answer = world.subscribe(endpoint.format(box=box.url))
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_the_same_again_replaces_itself(world: World, box: Inbox) -> None:
    body = {"endpoint": box.url}
    for more in ({}, {}, {"schema": "CloudEventSchemaV1_0"}):
        assert world.http.post("/_sim/event-subscriptions", json=body | more).status_code == 201
    assert len(world.http.get("/_sim/event-subscriptions").json()) == 2
    assert world.http.delete("/_sim/event-subscriptions").status_code == 204
    assert world.http.get("/_sim/event-subscriptions").json() == []


def test_a_wrong_declaration_is_refused_with_every_error(world: World) -> None:
    answer = world.subscribe("nowhere", maxDeliveryAttempts=31, schema="Own")
    paths = [one["path"] for one in answer.json()["errors"]]
    assert (answer.status_code, paths) == (400, ["endpoint", "schema", "maxDeliveryAttempts"])


def test_events_come_one_by_one_with_event_grids_headers(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    publish(world)
    assert world.deliver() == 2
    assert [len(body) for body in box.bodies] == [1, 1]
    sent = {name: value for name, value in box.headers[0].items() if name.startswith("aeg-")}
    assert sent == {
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "BOX",
        "aeg-delivery-count": "0",
        "aeg-data-version": "2",
        "aeg-metadata-version": "1",
    }
    assert last(world) == ("Delivered", "", [202])
    assert world.deliver() == 0


def test_an_endpoint_that_fails_is_tried_again_after_the_documented_delays(
    world: World, box: Inbox
) -> None:
    world.subscribe(box.url)
    publish(world)
    box.answers = [202, 500, 500, 500, 500]
    world.deliver()
    for seconds in (10, 30, 60, 300):
        world.pass_time(seconds - 1)
        assert world.deliver() == 0
        world.pass_time(1)
        assert world.deliver() == 1
    assert last(world) == ("Delivered", "", [500, 500, 500, 500, 202])
    counts = [one["aeg-delivery-count"] for one in box.headers[1:]]
    assert counts == ["0", "1", "2", "3", "4"]
    assert len({one["id"] for one in box.events}) == 2


@pytest.mark.parametrize(
    ("kind", "status", "waits"),
    [
        ("AzureFunction", 404, 300),
        ("AzureFunction", 401, 300),
        ("AzureFunction", 503, 30),
        ("AzureFunction", 408, 120),
        ("WebHook", 404, 10),
        ("WebHook", 503, 30),
    ],
)
def test_some_answers_make_it_wait_longer(
    world: World, box: Inbox, kind: str, status: int, waits: int
) -> None:
    world.subscribe(box.url, endpointType=kind)
    publish(world)
    box.answers = [202, status]
    world.deliver()
    world.pass_time(waits - 1)
    assert world.deliver() == 0
    world.pass_time(1)
    assert world.deliver() == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [("AzureFunction", 400), ("AzureFunction", 403), ("AzureFunction", 413), ("WebHook", 401)],
)
def test_some_answers_are_final(world: World, box: Inbox, kind: str, status: int) -> None:
    world.subscribe(box.url, endpointType=kind)
    publish(world)
    box.answers = [202, status]
    world.deliver()
    assert last(world) == ("DeadLettered", f"HTTP {status} is never tried again", [status])
    world.pass_time(86_400)
    assert world.deliver() == 0


def test_it_gives_up_after_the_last_attempt(world: World, box: Inbox) -> None:
    world.subscribe(box.url, maxDeliveryAttempts=2)
    publish(world)
    box.answers = [202, 500, 500]
    world.deliver()
    world.pass_time(10)
    world.deliver()
    assert last(world) == ("DeadLettered", "MaxDeliveryAttemptsExceeded", [500, 500])


def test_it_gives_up_what_is_too_old_when_its_turn_comes(world: World, box: Inbox) -> None:
    world.subscribe(box.url, eventTimeToLive="PT1M")
    publish(world)
    box.answers = [202, 500, 500]
    for seconds in (0, 10, 30):
        world.pass_time(seconds)
        world.deliver()
    assert last(world)[0] == "Delivered"
    publish(world)
    box.answers = [202, *[500] * 5]
    for seconds in (0, 10, 30, 60):
        world.pass_time(seconds)
        world.deliver()
    assert last(world) == ("DeadLettered", "TimeToLiveExceeded", [500, 500, 500])


def test_an_endpoint_that_is_gone_is_tried_again(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    world.azure.event_grid.subscribe(
        world.azure.event_grid.subscriptions[0].model_copy(
            update={"endpoint": "http://127.0.0.1:9/"}
        )
    )
    publish(world)
    world.deliver()
    assert last(world) == ("Pending", "", [None])


def test_an_event_may_come_twice(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    world.http.post("/_sim/faults", json={"kind": "duplicateEvents", "times": 1})
    publish(world)
    assert world.deliver() == 3
    ids = [one["id"] for one in box.events]
    assert (len(ids), len(set(ids))) == (3, 2)


def test_events_may_overtake_each_other(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    world.http.post("/_sim/faults", json={"kind": "delayEvents", "delay": "PT1M"})
    publish(world, creation_duration=30)
    for _ in range(2):
        world.pass_time(30)
        world.deliver()
    times = [one["eventTime"] for one in box.events]
    assert times == sorted(times, reverse=True)
    assert len(times) == 2


def test_a_subscription_gets_what_happens_after_it_and_until_it_ends(
    world: World, box: Inbox
) -> None:
    publish(world)
    world.subscribe(box.url)
    assert world.deliver() == 0
    publish(world)
    assert world.http.delete("/_sim/event-subscriptions/box").status_code == 204
    assert world.deliver() == 0
    assert world.http.delete("/_sim/event-subscriptions/box").status_code == 404


def test_a_subscription_gets_only_what_it_asks_for(world: World, box: Inbox) -> None:
    wanted = ["microsoft.compute/galleries/images/versions/WRITE"]
    world.subscribe(box.url, includedOperations=wanted)
    world.add()
    world.call("PATCH", "virtualMachineScaleSets/web", json={"tags": {"a": "b"}})
    world.pass_time(10)
    assert world.deliver() == 0
    publish(world)
    assert world.deliver() == 2
