"""An image version that is published in the simulated Azure reaches the app, as in Azure."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_host import APPS

from local.arm.example import add_example_fleet
from local.arm.images.published import GalleryVersion
from local.base.clock import ManualClock
from local.system import System

NEXT = {"gallery": "golden", "image": "web", "version": "1.0.1"}


@pytest.fixture
def following(tmp_path: Path) -> Iterator[System]:
    """The system with an app that is told of image versions, and the example fleet."""
    system = System(ManualClock(), tmp_path, app=APPS / "follower")
    add_example_fleet(system.azure)
    with system:
        yield system


def call(system: System, method: str, path: str, **more: Any) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=30) as http:
        return http.request(method, f"{system.arm_url}{path}", **more)


def seen(system: System) -> list[list[str]]:
    """What the app has seen, everything being delivered that is due."""
    system.dispatcher.deliver_due()
    return httpx.get(f"{system.api_url}/seen", trust_env=False).json()


def subscription(system: System) -> Any:
    return call(system, "GET", "/_sim/event-subscriptions/on-image-published").json()


def test_the_app_is_subscribed_to_writes_of_gallery_versions(following: System) -> None:
    there = subscription(following)
    assert there["includedOperations"] == ["Microsoft.Compute/galleries/images/versions/write"]
    assert there["endpoint"].startswith(following.host.url)
    assert there["deliveries"] == []


def test_the_app_is_told_of_a_version_and_can_read_it_meanwhile(following: System) -> None:
    answer = call(following, "POST", "/_sim/images", json=NEXT)
    assert answer.status_code == 201
    assert seen(following) == [["1.0.1", "Succeeded"]] * 2
    states = {one["state"] for one in subscription(following)["deliveries"]}
    assert states == {"Delivered"}


def test_the_app_is_told_when_it_begins_and_when_it_is_there(following: System) -> None:
    identity = call(following, "POST", "/_sim/images", json=NEXT | {"creationDuration": 60}).json()
    assert identity["id"].endswith("/galleries/golden/images/web/versions/1.0.1")
    assert seen(following) == [["1.0.1", "Creating"]]
    call(following, "POST", "/_sim/clock", content=json.dumps({"advance": 60}))
    assert seen(following) == [["1.0.1", "Creating"], ["1.0.1", "Succeeded"]]


def test_a_version_that_is_gone_again_is_tried_again_and_given_up(following: System) -> None:
    following.azure.event_grid.subscribe(
        following.azure.event_grid.subscriptions[0].model_copy(update={"max_delivery_attempts": 1})
    )
    with following.azure.settled():
        identity = following.azure.add_image(GalleryVersion.from_json(NEXT))
        following.azure.withdraw_image(identity)
    assert seen(following) == []
    told = subscription(following)["deliveries"][-1]
    assert (told["state"], told["reason"]) == ("DeadLettered", "MaxDeliveryAttemptsExceeded")
    assert told["attempts"][0]["status"] == 500


def test_the_thread_delivers_by_itself(following: System) -> None:
    call(following, "POST", "/_sim/images", json=NEXT)
    with httpx.Client(trust_env=False) as http:
        while len(http.get(f"{following.api_url}/seen").json()) < 2:
            pass
