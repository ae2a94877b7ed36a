"""A fleet rollout, or what follows an image, breaks: the story goes on."""

from datetime import timedelta

import pytest
from following import followed, follower, publish, settle, versions
from nightly import crossed
from story import NEW, System
from waves import images

from local.host.engine.deaths import Death


@pytest.mark.parametrize(
    ("orchestrator", "nth"),
    crossed(["roll_out_fleet", "roll_out_wave", "roll_out"], range(1, 6)),
)
def test_a_fleet_rollout_goes_on_whatever_breaks(
    system: System, orchestrator: str, nth: int
) -> None:
    scale_sets = system.small(3)
    waves = [
        {"name": "canary", "scaleSets": scale_sets[:1], "bakeAfter": "PT10M"},
        {"name": "rest", "scaleSets": scale_sets[1:]},
    ]
    system.host.deaths.plan(Death(orchestrator, nth=nth))
    name = f"broken-{orchestrator.replace('_', '-')}-{nth}"
    assert system.start_fleet(waves, id=name).status_code == 202
    for _ in range(40):
        system.clock.advance(timedelta(minutes=1))
        system.look_after()
    system.host.deaths.forget()
    view = system.finish_fleet(name)
    assert view["phase"] == "Succeeded", view["message"]
    assert images(system, scale_sets) == [NEW] * 3
    assert system.start_fleet(waves, id=f"{name}-next").status_code == 202


@pytest.mark.parametrize(
    ("orchestrator", "nth"), crossed(["follow_image", "roll_out_fleet"], range(1, 5))
)
def test_a_followed_image_is_rolled_whatever_breaks(
    system: System, image: str, orchestrator: str, nth: int
) -> None:
    scale_set = follower(system, image)
    settle(system)
    system.host.deaths.plan(Death(orchestrator, nth=nth))
    publish(system, image, "1.0.1")
    for _ in range(40):
        system.clock.advance(timedelta(minutes=1))
        system.look_after()
    system.host.deaths.forget()
    settle(system)
    assert versions(system, scale_set) == ["1.0.1"]
    assert followed(system, image)["state"] == "rolled"


def test_a_follower_that_breaks_in_its_first_step_is_taken_up_when_nothing_else_is_active(
    world: System,
) -> None:
    scale_set = follower(world, "alone")
    settle(world)
    assert followed(world, "alone")["state"] == "notRolled"
    world.azure.delete("/_sim/event-subscriptions")
    world.host.deaths.plan(Death("follow_image"))
    notify_once(world, publish(world, "alone", "1.0.1"))
    assert len(world.host.deaths.happened) == 1
    world.look_after()
    settle(world)
    assert versions(world, scale_set) == ["1.0.1"]


def notify_once(system: System, version_id: str) -> None:
    """Event Grid tells of a version twice, and the second time helps."""
    event = {
        "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "subject": version_id,
        "data": {"operationName": "Microsoft.Compute/galleries/images/versions/write"},
    }
    path = "/runtime/webhooks/eventgrid?functionName=on_image_published"
    answer = system.api.post(path, json=[event], headers={"aeg-event-type": "Notification"})
    assert answer.status_code == 202
    system.host.wait_idle()
