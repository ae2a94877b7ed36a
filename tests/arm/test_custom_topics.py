"""The real azure-eventgrid publishes to a custom topic of the simulated Event Grid, unmodified."""

# pyright: reportUnknownMemberType=false

from datetime import UTC, datetime
from typing import Any

import pytest
from arm_world import World
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient
from inbox import Inbox

SUBJECT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/golden"


def publisher(world: World, topic: str = "images") -> EventGridPublisherClient:
    return EventGridPublisherClient(
        f"{world.url}/_sim/topics/{topic}/api/events", AzureKeyCredential("any"), retry_total=0
    )


def own(number: int) -> EventGridEvent:
    return EventGridEvent(
        id=f"e{number}",
        subject=SUBJECT,
        event_type="Image.Published",
        data={"version": "1.0.1"},
        data_version="1",
        event_time=datetime(2026, 1, 1, tzinfo=UTC),
    )


def cloud() -> CloudEvent[Any]:
    return CloudEvent("/pipelines/golden", "Image.Published", id="c1", data={"version": "1.0.1"})


def test_an_event_in_event_grids_schema_reaches_the_endpoint(world: World, box: Inbox) -> None:
    world.subscribe(box.url, topic="images")
    with publisher(world) as client:
        client.send([own(1), own(2)])
    assert world.deliver() == 2
    event = box.events[0]
    assert (event["id"], event["data"]) == ("e1", {"version": "1.0.1"})
    assert event["topic"].endswith("/Microsoft.EventGrid/topics/images")


@pytest.mark.parametrize("event", [own(1), cloud()], ids=["own", "cloud"])
def test_both_schemas_are_delivered_as_cloud_events(
    world: World, box: Inbox, event: EventGridEvent | CloudEvent[Any]
) -> None:
    world.subscribe(box.url, topic="Images", schema="CloudEventSchemaV1_0")
    with publisher(world) as client:
        client.send(event)
    world.deliver()
    received = box.events[0]
    assert (received["specversion"], received["type"]) == ("1.0", "Image.Published")
    assert received["data"] == {"version": "1.0.1"}


def test_a_cloud_event_has_no_way_into_event_grids_schema(world: World, box: Inbox) -> None:
    world.subscribe(box.url, topic="images")
    with publisher(world) as client:
        client.send(cloud())
    world.deliver()
    assert box.bodies == []
    assert world.deliveries()[0]["state"] == "DeadLettered"


def test_topics_are_kept_apart(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    with publisher(world, "others") as client:
        client.send(own(1))
    assert world.deliver() == 0


def test_what_is_no_event_is_refused_by_what_it_lacks(world: World) -> None:
    with publisher(world) as client, pytest.raises(HttpResponseError) as caught:
        client.send({"id": "e1", "subject": "s", "data": {}})
    assert caught.value.status_code == 400
    answer = world.http.post(
        "/_sim/topics/images/api/events", json=[{"id": "1"}], headers={"aeg-sas-key": "any"}
    )
    assert "it has no subject, eventType, eventTime, dataVersion" in answer.json()["detail"]


def test_without_a_key_nothing_is_taken(world: World) -> None:
    answer = world.http.post(
        "/_sim/topics/images/api/events", json=[], headers={"Authorization": ""}
    )
    assert answer.status_code == 401
