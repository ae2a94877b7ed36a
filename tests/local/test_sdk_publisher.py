"""The real azure-eventgrid publishes, the simulated Event Grid delivers, the app receives."""

# pyright: reportUnknownMemberType=false

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient
from running_host import APPS

from local.base.clock import ManualClock
from local.system import System

OWN = EventGridEvent("image", "Image.Published", {"version": "1.0.1"}, "1", id="e1")
CLOUD: CloudEvent[Any] = CloudEvent(
    "/pipeline", "Image.Published", subject="image", data={"version": "1.0.1"}, id="c1"
)


@pytest.mark.parametrize(
    ("sent", "schema", "received"),
    [
        (OWN, "EventGridSchema", ["EventGridEvent", "e1"]),
        (OWN, "CloudEventSchemaV1_0", ["CloudEvent", "e1"]),
        (CLOUD, "CloudEventSchemaV1_0", ["CloudEvent", "c1"]),
    ],
    ids=["own", "own as a cloud event", "cloud event"],
)
def test_a_function_receives_what_the_sdk_sends(
    tmp_path: Path, sent: Any, schema: str, received: list[str]
) -> None:
    with System(ManualClock(), tmp_path, app=APPS / "web") as system:
        endpoint = system.host.event_grid_url("either_schema")
        wanted = {"endpoint": endpoint, "schema": schema, "topic": "images"}
        with httpx.Client(trust_env=False, timeout=30) as http:
            there = http.post(f"{system.arm_url}/_sim/event-subscriptions", json=wanted)
            assert there.status_code == 201, there.text
            url = f"{system.arm_url}/_sim/topics/images/api/events"
            with EventGridPublisherClient(url, AzureKeyCredential("any")) as publisher:
                publisher.send(sent)
            system.dispatcher.deliver_due()
            (told,) = http.get(f"{system.api_url}/delivered").json()
    assert json.loads(told) == [*received, "Image.Published", "image", {"version": "1.0.1"}]
