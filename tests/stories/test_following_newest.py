"""Only the newest version that can be used moves anybody, whatever is written on older ones."""

from typing import Any

import pytest
from following import definition, follower, publish, rollouts_of, settle, told, versions
from story import System

type Json = dict[str, Any]


def published_unheard(system: System, image: str, *numbers: str, **more: Any) -> None:
    """Versions that were there before the app followed anything."""
    system.azure.delete("/_sim/event-subscriptions")
    for number in numbers:
        publish(system, image, number, **more)
    system.subscribe()


def unversioned(system: System, image: str, group: str = "demo") -> str:
    """A scale set that follows the image, and whose model leaves the version open."""
    (scale_set,) = system.small(
        1,
        resourceGroup=group,
        image={"id": definition(image)},
        tags={"rollout.follow": "current"},
    )
    return scale_set


def written(system: System, image: str, number: str) -> None:
    """Somebody writes a tag on that version, and Event Grid has told of it."""
    publish(system, image, number, tags={"end-of-life": "soon"})
    settle(system)


def test_a_tag_on_an_old_version_moves_no_model_without_a_version_back(
    system: System, image: str
) -> None:
    published_unheard(system, image, "1.0.0", "1.0.1", "1.0.2")
    scale_set = unversioned(system, image)
    written(system, image, "1.0.0")
    assert versions(system, scale_set) == ["1.0.2"]
    assert not rollouts_of(system, scale_set)
    said = " ".join(one["message"] for one in told(system, image))
    assert "version 1.0.2 is newer, and only the newest that can be used moves anybody" in said


def test_nor_does_it_move_who_comes_from_another_image(system: System, image: str) -> None:
    published_unheard(system, image, "1.0.0", "1.0.1", "1.0.2")
    other = f"{image}-other"
    published_unheard(system, other, "7.0.0")
    (newcomer,) = system.small(
        1,
        image={"id": f"{definition(other)}/versions/7.0.0"},
        tags={"rollout.follow": definition(image)},
    )
    written(system, image, "1.0.1")
    assert versions(system, newcomer) == ["7.0.0"]
    written(system, image, "1.0.2")
    assert versions(system, newcomer) == ["1.0.2"]


@pytest.mark.parametrize("reason", ["excluded", "deleted"])
def test_instances_on_a_version_that_was_withdrawn_are_not_moved_back(
    system: System, image: str, reason: str
) -> None:
    published_unheard(system, image, "1.0.0", "1.0.1", "1.0.2")
    scale_set = unversioned(system, image)
    newest = f"{definition(image)}/versions/1.0.2"
    if reason == "deleted":
        system.azure.delete("/_sim/images", params={"image": newest})
    else:
        published_unheard(system, image, "1.0.2", excludeFromLatest=True)
    written(system, image, "1.0.1")
    assert versions(system, scale_set) == ["1.0.2"]
    said = " ".join(one["message"] for one in told(system, image))
    assert "run version 1.0.2, and a scale set is never moved back" in said


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"excludeFromLatest": True}, id="excluded"),
        pytest.param({"provisioningState": "Failed"}, id="failed"),
        pytest.param({"targetRegions": ["eastus"]}, id="elsewhere"),
    ],
)
def test_a_newer_version_that_cannot_be_used_holds_nobody_up(
    system: System, image: str, more: Json
) -> None:
    scale_set = follower(system, image)
    published_unheard(system, image, "2.0.0", **more)
    publish(system, image, "1.0.1")
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]


def test_versions_whose_events_come_in_the_wrong_order_end_at_the_newest(
    system: System, image: str
) -> None:
    pinned = follower(system, image)
    published_unheard(system, image, "1.0.1", "1.0.2")
    opened = unversioned(system, image)
    for number in ("1.0.2", "1.0.1", "1.0.0"):
        written(system, image, number)
    assert versions(system, pinned, opened) == ["1.0.2", "1.0.2"]
    assert len(rollouts_of(system, pinned)) == 1
