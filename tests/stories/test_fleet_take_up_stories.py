"""A fleet rollout, or what follows an image, breaks: the story goes on."""

from datetime import timedelta

import pytest
from following import followed, follower, publish, settle, versions
from nightly import crossed, some
from story import NEW, OLD, System
from waves import images

from local.host.engine.deaths import Death
from rollout.watch import WATCH_ID


@pytest.mark.by_day(2)
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


@pytest.mark.parametrize("said", ["rollback", "retry"])
def test_a_fleet_rollout_that_was_terminated_in_a_wave_goes_back_or_on(
    system: System, said: str
) -> None:
    scale_sets = system.small(2, capacity=4)
    wave = {"name": "all", "scaleSets": scale_sets}
    name = f"terminated-{said}"
    assert system.start_fleet([wave], id=name).status_code == 202
    system.fleet_until(name, lambda _: NEW in "".join(images(system, scale_sets)))
    system.api.post(f"/runtime/webhooks/durabletask/instances/{name}/terminate?reason=x")
    system.host.wait_idle()
    assert {"rollback", "retry"} <= {*system.fleet(name)["verbs"]}
    assert system.api.post(f"/api/fleet-rollouts/{name}/{said}").status_code == 202
    view = system.finish_fleet(name)
    ends, runs = ("RolledBack", OLD) if said == "rollback" else ("Succeeded", NEW)
    assert (view["phase"], images(system, scale_sets)) == (ends, [runs] * 2), view["message"]
    for scale_set in scale_sets:
        assert system.truth(scale_set)["image"].endswith(runs)
        assert system.start(scale_set).status_code == 202


def test_a_member_that_is_about_to_end_is_not_taken_for_one_that_is_back(system: System) -> None:
    """It takes no verb any more, and still has instances on the image."""
    [scale_set] = system.small(1, capacity=4)
    name = "restarted-with-a-member"
    assert system.start_fleet([{"name": "all", "scaleSets": [scale_set]}], id=name).is_success
    system.fleet_until(name, lambda _: NEW in "".join(images(system, [scale_set])))
    instance = f"/runtime/webhooks/durabletask/instances/{name}"
    system.api.post(f"{instance}/terminate?reason=x")
    system.host.wait_idle()
    system.api.post(f"{instance}/restart?restartWithNewInstanceId=false")
    system.host.wait_idle()
    [row] = system.api.get(f"/api/fleet-rollouts/{name}/scale-sets").json()
    assert system.api.post(f"/api/rollouts/{row['rolloutId']}/abort").status_code == 202
    assert said(system, name, "rollback") == 202
    view = system.finish_fleet(name)
    assert (view["phase"], images(system, [scale_set])) == ("RolledBack", [OLD]), view["message"]


@pytest.mark.crossed
@pytest.mark.parametrize("aborted", [False, True])
@pytest.mark.parametrize("after_the_end", [False, True])
def test_a_rollback_of_a_fleet_rollout_that_was_terminated_goes_on(
    system: System, *, after_the_end: bool, aborted: bool
) -> None:
    scale_sets = system.small(2, capacity=4)
    name = f"back-terminated-{after_the_end}-{aborted}".lower()
    going_back(system, name, scale_sets, after_the_end=after_the_end)
    if aborted:
        assert said(system, name, "abort") == 202
    running = f"{name}:rollback" if after_the_end else name
    system.api.post(f"/runtime/webhooks/durabletask/instances/{running}/terminate?reason=x")
    system.host.wait_idle()
    assert said(system, name, "rollback") == 202
    view = system.finish_fleet(name)
    if aborted and "rollback" in view["verbs"]:  # a member had heard of the abort before that
        assert "Roll back again to go on" in view["message"]
        assert said(system, name, "rollback") == 202
        view = system.finish_fleet(name)
    assert (view["phase"], images(system, scale_sets)) == ("RolledBack", [OLD] * 2), view["message"]


def going_back(system: System, name: str, scale_sets: list[str], *, after_the_end: bool) -> None:
    """A fleet rollout in two waves, sent back in its second one or after its end, that has begun
    to go back.
    """
    waves = [{"name": f"wave{n}", "scaleSets": [one]} for n, one in enumerate(scale_sets)]
    assert system.start_fleet(waves, id=name).status_code == 202
    if after_the_end:
        system.finish_fleet(name)
    else:
        system.fleet_until(name, lambda view: view["wave"] == 2)
    assert said(system, name, "rollback") == 202
    system.fleet_until(name, lambda view: view["phase"] == "RollingBack" and view["wave"] > 0)


def said(system: System, name: str, verb: str) -> int:
    return system.api.post(f"/api/fleet-rollouts/{name}/{verb}").status_code


@pytest.mark.crossed
@pytest.mark.parametrize("nth", some(range(1, 7), 3))
@pytest.mark.parametrize("after_the_end", [False, True])
def test_a_rollback_of_a_fleet_rollout_that_breaks_off_goes_on(
    system: System, *, after_the_end: bool, nth: int
) -> None:
    scale_sets = system.small(2)
    name = f"back-broken-{after_the_end}-{nth}".lower()
    going_back(system, name, scale_sets, after_the_end=after_the_end)
    system.host.deaths.plan(Death("roll_out_fleet", nth=nth))
    for _ in range(30):
        system.clock.advance(timedelta(minutes=1))
        system.look_after()
    system.host.deaths.forget()
    view = system.finish_fleet(name)
    assert (view["phase"], images(system, scale_sets)) == ("RolledBack", [OLD] * 2), view["message"]
    assert "2 scale set(s) run the images they had" in view["message"]


@pytest.mark.by_day(2)
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


def test_a_fleet_rollout_that_is_purged_does_not_keep_the_watch_from_others(
    system: System,
) -> None:
    scale_set = system.small(1)[0]
    system.start_fleet([{"name": "all", "scaleSets": [scale_set]}], id="purged-fleet")
    system.host.wait_idle()
    instance = "/runtime/webhooks/durabletask/instances/purged-fleet"
    system.api.post(f"{instance}/terminate?reason=x")
    system.host.wait_idle()
    assert system.api.delete(instance).status_code == 200
    system.look_after()
    watch = system.api.get(f"/runtime/webhooks/durabletask/instances/{WATCH_ID}").json()
    assert watch["runtimeStatus"] == "Completed"
    system.pass_minutes(20)
