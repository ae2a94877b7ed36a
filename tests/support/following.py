"""What a story about followed images needs."""

import json
from typing import Any

from story import System

type Json = dict[str, Any]
DEMO = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"


def definition(image: str) -> str:
    """The id of a gallery image."""
    return f"{DEMO}/providers/Microsoft.Compute/galleries/golden/images/{image}"


def publish(system: System, image: str, version: str, **more: Any) -> str:
    """A version is published, and Event Grid has told of it."""
    identity = system.publish(gallery="golden", image=image, version=version, **more)
    system.deliver()
    return identity


def follower(
    system: System, image: str, wave: str = "canary", group: str = "demo", **tags: str
) -> str:
    """A scale set on version 1.0.0 that follows its image."""
    system.publish(gallery="golden", image=image, version="1.0.0")
    system.deliver()
    told = {"rollout.follow": "current", "rollout.wave": wave}
    named = {f"rollout.{name}": value for name, value in tags.items()}
    (scale_set,) = system.small(
        1,
        resourceGroup=group,
        image={"id": f"{definition(image)}/versions/1.0.0"},
        tags={**told, **named},
    )
    return scale_set


def followed(system: System, image: str) -> Json:
    listed = system.api.get("/api/followed-images").json()
    return next(one for one in listed if one["definition"].endswith(f"/{image}"))


def told(system: System, image: str) -> list[Json]:
    """The event log of an image that is followed."""
    one = followed(system, image)
    return system.api.get(f"/api/followed-images/{one['id']}/events").json()


def settle(system: System) -> None:
    """Let everything come to its end."""
    with system.host.skipping():
        system.host.wait_idle()


def versions(system: System, *scale_sets: str) -> list[str]:
    truths = [system.truth(one) for one in scale_sets]
    assert [one["violations"] for one in truths] == [[]] * len(truths)
    return [
        "+".join(sorted({each["image"].rsplit("/", 1)[-1] for each in one["instances"]}))
        for one in truths
    ]


def forget_followed(system: System) -> None:
    """Follow nothing any more. What is followed is looked after every two minutes, in all stories
    that come after this one in the same system.
    """
    durable = "/runtime/webhooks/durabletask"
    for one in system.api.get("/api/followed-images").json():
        system.api.post(f"{durable}/instances/{one['id']}/terminate?reason=the+story+is+over")
        system.host.wait_idle()
        system.api.delete(f"{durable}/instances/{one['id']}")
        drop = f"{durable}/entities/rollout_index/followed?op=drop"
        system.api.post(drop, json=json.dumps(one["id"]))  # JSON of JSON, as the SDK sends it
    system.host.wait_idle()
    assert system.api.get("/api/followed-images").json() == []


def rollouts_of(system: System, scale_set: str) -> list[Json]:
    return system.api.get("/api/rollouts", params={"scaleSet": scale_set}).json()
