"""What happens at the very moment at which a rollout goes on as new, and to a later generation."""

import itertools

import pytest
from generations import (
    ONE_BY_ONE,
    QUICK,
    approve_all,
    asks,
    generation,
    pause_and_resume,
    tell,
    waiting,
)
from story import NEW, OLD, System

from local.host.engine.deaths import Death, Moment


def to_the_brink(system: System, rollout: str) -> tuple[int, str]:
    """Its generation, and the verb that makes it go on as new: the next one."""
    verbs = itertools.cycle(["pause", "resume"])

    def said_in_a_generation() -> int:
        began = generation(system, rollout)
        for number in itertools.count(1):
            tell(system, f"/api/rollouts/{rollout}", next(verbs))
            if generation(system, rollout) > began:
                return number
        raise AssertionError

    said_in_a_generation()
    most = said_in_a_generation()
    began = generation(system, rollout)
    for _ in range(most - 1):
        tell(system, f"/api/rollouts/{rollout}", next(verbs))
    assert generation(system, rollout) == began
    return began, next(verbs)


def obeys(system: System, rollout: str, verb: str) -> None:
    """It does what was said last; then it goes on to the end."""
    phase = {"pause": "Paused", "resume": "AwaitingApproval"}[verb]
    view = system.until(rollout, lambda view: view["phase"] == phase)
    assert view["batch"] == 0
    if verb == "pause":
        assert "by bob" in view["message"]
        tell(system, f"/api/rollouts/{rollout}", "resume")
    assert approve_all(system, rollout)["phase"] == "Succeeded"


@pytest.mark.by_day(2)
@pytest.mark.crossed
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a_worker_that_dies_in_any_turn_of_a_change_loses_no_verb(
    system: System, moment: Moment, nth: int
) -> None:
    """The rollout breaks off, and is taken up as at any other moment."""
    target, rollout = waiting(system)
    began, verb = to_the_brink(system, rollout)
    before = len(system.host.deaths.happened)
    system.host.deaths.plan(Death("roll_out", rollout, nth=nth, moment=moment))
    tell(system, f"/api/rollouts/{rollout}", verb, by="bob")
    assert len(system.host.deaths.happened) == before + 1, "the change has so many turns"
    system.look_after()
    obeys(system, rollout, verb)
    assert generation(system, rollout) > began
    truth = system.truth(target)
    assert [each["upgrades"] for each in truth["instances"]] == [1] * 10
    assert truth["violations"] == []


@pytest.mark.by_day(1)
@pytest.mark.parametrize("moment", list(Moment))
def test_a_worker_that_dies_in_the_activity_of_a_change_loses_nothing(
    system: System, moment: Moment
) -> None:
    target, rollout = waiting(system)
    began, verb = to_the_brink(system, rollout)
    system.host.deaths.plan(Death("read_lock", moment=moment))
    tell(system, f"/api/rollouts/{rollout}", verb, by="bob")
    system.until(rollout, lambda _: generation(system, rollout) > began)
    obeys(system, rollout, verb)
    assert system.truth(target)["violations"] == []


@pytest.mark.crossed
@pytest.mark.parametrize(
    ("verb", "phase", "known"),
    [("abort", "Aborted", {OLD, NEW}), ("rollback", "RolledBack", {OLD})],
)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_end_that_comes_at_a_change_is_carried_out(
    system: System, after: int, verb: str, phase: str, known: set[str]
) -> None:
    """It comes right after the verb that brings the change about, or some verbs later."""
    target, rollout = waiting(system)
    tell(system, f"/api/rollouts/{rollout}", "approve")
    system.until(rollout, lambda view: view["batch"] == 1 and asks(view))
    pause_and_resume(system, rollout, 8)
    path = f"/runtime/webhooks/durabletask/instances/{rollout}/raiseEvent"
    for each in ["pause", "resume", "pause", "resume"][: 2 + after]:
        system.api.post(f"{path}/command", json={"verb": each, "by": "ann"})
    system.api.post(f"{path}/{verb}", json={"verb": verb, "by": "ann"})
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    images = {each["image"].rpartition(":")[2] for each in system.truth(target)["instances"]}
    assert images == known


def in_a_later_generation(system: System) -> tuple[str, str]:
    target, rollout = waiting(system)
    began = generation(system, rollout)
    tell(system, f"/api/rollouts/{rollout}", "approve")
    system.until(rollout, lambda view: view["batch"] == 1 and asks(view))
    while generation(system, rollout) == began:
        pause_and_resume(system, rollout, 1)
    return target, rollout


def test_the_same_start_is_still_found(system: System) -> None:
    """Whoever compares with what it was started with still finds that."""
    target = system.scale_set(capacity=10, **QUICK)
    body = {"id": f"again-{target.rpartition('/')[2]}", "policy": ONE_BY_ONE}
    rollout = system.start(target, **body).json()["id"]
    system.until(rollout, asks)
    began = generation(system, rollout)
    while generation(system, rollout) == began:
        pause_and_resume(system, rollout, 1)
    assert system.start(target, **body).status_code == 202
    other = system.start(target, **{**body, "reason": "another"})
    assert other.status_code == 409
    assert "reason" in other.json()["detail"]
    assert system.start(target).status_code == 409, "the scale set is locked"
    assert approve_all(system, rollout)["phase"] == "Succeeded"
    assert system.start(target, **body).status_code == 200


def test_a_later_generation_that_is_restarted_after_its_end_does_nothing(system: System) -> None:
    target, rollout = in_a_later_generation(system)
    assert approve_all(system, rollout)["phase"] == "Succeeded"
    sent = len(system.requests("POST", target))
    path = f"/runtime/webhooks/durabletask/instances/{rollout}/restart"
    assert system.api.post(f"{path}?restartWithNewInstanceId=false").status_code == 202
    system.host.wait_idle()
    view = system.view(rollout)
    assert (view["phase"], len(system.requests("POST", target))) == ("Failed", sent)
    assert "past the app" in view["message"]
    assert "rollback" in view["verbs"]
    answer = system.api.post(f"/api/rollouts/{rollout}/rollback", json={"by": "ann"})
    assert answer.status_code == 202
    assert system.finish(rollout)["phase"] == "RolledBack"
    images = {each["image"].rpartition(":")[2] for each in system.truth(target)["instances"]}
    assert images == {OLD}


@pytest.mark.parametrize("verb", ["retry", "rollback"])
def test_a_later_generation_that_is_terminated_can_be_taken_up(system: System, verb: str) -> None:
    target, rollout = in_a_later_generation(system)
    address = system.managed(rollout, "terminatePostUri").replace("{text}", "x")
    assert system.api.post(address).status_code == 202
    system.host.wait_idle()
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    view = approve_all(system, rollout)
    assert view["phase"] == {"retry": "Succeeded", "rollback": "RolledBack"}[verb], view["message"]
    assert system.truth(target)["violations"] == []
