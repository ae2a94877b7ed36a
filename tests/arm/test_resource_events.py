"""What events say of the resources they are about, with all that is odd about them in Azure."""

import re
from typing import Any

import pytest
from arm_world import COMPUTE, Json, World
from inbox import Inbox

from local.arm.base.ids import SUBSCRIPTION
from local.arm.images.published import GalleryVersion
from local.arm.model.fault import UpgradeFails

VERSION = "galleries/golden/images/web/versions/1.0.1"
WRITTEN = "Microsoft.Resources.ResourceWriteSuccess"


def publish(world: World, **more: Any) -> None:
    world.azure.add_image(GalleryVersion(gallery="golden", image="web", version="1.0.1", **more))


def received(world: World, box: Inbox) -> list[Json]:
    """What has come since the last look."""
    box.bodies.clear()
    world.deliver()
    return box.events


def test_an_event_of_a_new_version_is_shaped_as_documented(world: World, box: Inbox) -> None:
    world.subscribe(box.url, form="full")
    publish(world)
    event = received(world, box)[0]
    subject = f"{COMPUTE}/{VERSION}".replace("resourceGroups", "resourcegroups")
    assert event.keys() == {
        "topic", "subject", "eventType", "eventTime", "id", "data",
        "dataVersion", "metadataVersion",
    }  # fmt: skip
    assert event["topic"] == f"/subscriptions/{SUBSCRIPTION}"
    assert (event["subject"], event["eventType"]) == (subject, WRITTEN)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", event["eventTime"])
    data = event["data"]
    assert data.keys() == {
        "authorization", "claims", "correlationId", "httpRequest", "resourceProvider",
        "resourceUri", "operationName", "status", "subscriptionId", "tenantId",
    }  # fmt: skip
    assert data["operationName"] == "Microsoft.Compute/galleries/images/versions/write"
    assert (data["resourceUri"], data["status"]) == (subject, "Succeeded")
    assert data["authorization"]["evidence"]["role"] == "Contributor"


def test_a_write_is_told_when_it_is_accepted_and_when_it_has_ended(
    world: World, box: Inbox
) -> None:
    world.subscribe(box.url)
    publish(world, creation_duration=60)
    began = received(world, box)
    world.pass_time(60)
    ended = received(world, box)
    assert [one["eventType"] for one in (*began, *ended)] == [WRITTEN, WRITTEN]
    assert began[0]["id"] != ended[0]["id"]
    assert began[0]["data"]["correlationId"] == ended[0]["data"]["correlationId"]


def test_a_version_that_fails_is_told_as_such_in_the_end(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    publish(world, creation_duration=60, provisioning_state="Failed")
    assert [one["eventType"] for one in received(world, box)] == [WRITTEN]
    world.pass_time(60)
    (ended,) = received(world, box)
    assert ended["eventType"] == "Microsoft.Resources.ResourceWriteFailure"
    assert ended["data"]["status"] == "Failed"


def test_what_is_told_of_the_caller_is_of_two_kinds(world: World, box: Inbox) -> None:
    world.subscribe(box.url)
    publish(world)
    full, sparse = sorted(received(world, box), key=lambda one: "httpRequest" not in one["data"])
    assert isinstance(full["data"]["authorization"]["evidence"], dict)
    assert full["data"]["claims"]
    assert sparse["data"]["authorization"]["evidence"] == []
    assert sparse["data"]["claims"] == {}


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        ("PATCH", {"tags": {"a": "b"}}),
        ("PATCH", {"properties": {"publishingProfile": {"excludeFromLatest": True}}}),
        ("PATCH", {"properties": {"publishingProfile": {"targetRegions": [{"name": "eastus"}]}}}),
        ("PUT", {"location": "westus", "properties": {}}),
    ],
)
def test_every_write_is_told_whatever_it_changes(
    world: World, box: Inbox, method: str, sent: Json
) -> None:
    publish(world)
    world.subscribe(box.url, form="full")
    assert world.call(method, VERSION, json=sent).status_code == 200
    events = received(world, box)
    assert {one["eventType"] for one in events} == {WRITTEN}
    assert {one["data"]["httpRequest"]["method"] for one in events} == {method}


def test_a_deletion_is_told_as_one(world: World, box: Inbox) -> None:
    publish(world)
    world.subscribe(box.url)
    assert world.call("DELETE", VERSION).status_code == 202
    events = received(world, box)
    assert {one["eventType"] for one in events} == {"Microsoft.Resources.ResourceDeleteSuccess"}
    operations = {one["data"]["operationName"] for one in events}
    assert operations == {"Microsoft.Compute/galleries/images/versions/delete"}


def test_a_version_that_is_withdrawn_is_told_as_deleted(world: World, box: Inbox) -> None:
    publish(world)
    world.subscribe(box.url)
    world.http.delete("/_sim/images", params={"image": f"{COMPUTE}/{VERSION}"})
    types = {one["eventType"] for one in received(world, box)}
    assert types == {"Microsoft.Resources.ResourceDeleteSuccess"}


def test_a_write_that_is_refused_is_not_told(world: World, box: Inbox) -> None:
    publish(world, creation_duration=60)
    world.subscribe(box.url)
    assert world.call("PATCH", VERSION, json={"tags": {}}).status_code == 409
    assert received(world, box) == []


def test_a_write_of_a_scale_set_is_told_too(world: World, box: Inbox) -> None:
    scale_set = world.add()
    world.subscribe(box.url)
    world.call("PATCH", "virtualMachineScaleSets/web", json={"tags": {"a": "b"}})
    world.pass_time(10)
    events = received(world, box)
    assert {one["subject"].lower() for one in events} == {scale_set.lower()}
    operations = {one["data"]["operationName"] for one in events}
    assert operations == {"Microsoft.Compute/virtualMachineScaleSets/write"}


def test_an_upgrade_of_instances_is_told_as_an_action_with_its_end(
    world: World, box: Inbox
) -> None:
    world.add()
    world.roll_model()
    world.subscribe(box.url)
    world.fault(UpgradeFails(instance_ids=("0",)))
    world.upgrade("0")
    began = received(world, box)
    world.pass_time(60)
    ended = received(world, box)
    types = [one["eventType"].removeprefix("Microsoft.Resources.") for one in (*began, *ended)]
    assert types == ["ResourceActionSuccess", "ResourceActionFailure"]
    operation = ended[0]["data"]["operationName"]
    assert operation == "Microsoft.Compute/virtualMachineScaleSets/manualUpgrade/action"


def test_a_cloud_event_says_the_same(world: World, box: Inbox) -> None:
    world.subscribe(box.url, schema="CloudEventSchemaV1_0", form="full")
    publish(world)
    event = received(world, box)[0]
    assert isinstance(box.bodies[0], dict)
    assert box.headers[0]["content-type"].startswith("application/cloudevents+json")
    assert event.keys() == {"specversion", "id", "source", "type", "subject", "time", "data"}
    assert (event["source"], event["type"]) == (f"/subscriptions/{SUBSCRIPTION}", WRITTEN)
    assert event["data"]["operationName"].endswith("versions/write")
