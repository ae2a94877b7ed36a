"""However many batches, verbs and waits: a rollout goes on as new, and nobody notices."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from generations import (
    LONGEST_HISTORY,
    ONE_BY_ONE,
    QUICK,
    approve_all,
    asks,
    generation,
    histories,
    pause_and_resume,
    tell,
    waiting,
)
from story import NEW, OLD, System


def test_forty_batches_that_are_approved_one_by_one_leave_short_histories(system: System) -> None:
    target, rollout = waiting(system, capacity=40)
    began = generation(system, rollout)
    view = approve_all(system, rollout)
    assert (view["phase"], view["batches"]) == ("Succeeded", 40), view["message"]
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert generation(system, rollout) > began
    truth = system.truth(target)
    assert [each["upgrades"] for each in truth["instances"]] == [1] * 40
    assert (truth["peakDown"], truth["violations"]) == (1, [])
    events = system.events(rollout)
    kinds = [each["kind"] for each in events]
    assert (kinds.count("approvalAsked"), kinds.count("approved")) == (40, 40)
    assert (kinds.count("started"), kinds.count("planned")) == (1, 2), "once more at the end"
    own = [each["position"][0] for each in events if len(each["position"]) == 1]
    assert own == list(range(1, len(own) + 1)), "numbered through all generations"


def test_who_waits_for_people_hears_any_number_of_verbs(system: System) -> None:
    target, rollout = waiting(system)
    asked = system.view(rollout)["waits"]
    began = generation(system, rollout)
    pause_and_resume(system, rollout, 60)
    view = system.view(rollout)
    assert "pause" in view["verbs"]
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert generation(system, rollout) > began
    assert asks(view)
    assert view["waits"]["until"] >= asked["until"]
    assert approve_all(system, rollout)["phase"] == "Succeeded"
    assert system.truth(target)["violations"] == []


@pytest.mark.by_day(0)
def test_an_approval_that_is_asked_for_again_and_again_leaves_a_short_history(
    system: System,
) -> None:
    """Nobody answers: it pauses after a day, somebody resumes it, and so on."""
    target = system.scale_set(capacity=10, **QUICK)
    policy = {**ONE_BY_ONE, "approvalTimeout": "PT10M", "deadline": "P1D"}
    rollout = system.start(target, policy=policy).json()["id"]
    for _ in range(40):
        system.until(rollout, asks)
        system.until(rollout, lambda view: view["phase"] == "Paused", seconds=60)
        tell(system, f"/api/rollouts/{rollout}", "resume")
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert approve_all(system, rollout)["phase"] == "Succeeded"


def test_the_view_is_never_lost_over_a_change(system: System) -> None:
    _, rollout = waiting(system)
    began = generation(system, rollout)
    while generation(system, rollout) == began:
        pause_and_resume(system, rollout, 1)
        view = system.view(rollout)
        assert (asks(view), view["batch"], view["counts"]["pending"]) == (True, 0, 10)
        assert set(view["verbs"]) == {"approve", "pause", "abort", "rollback"}
    assert system.view(rollout)["waits"] is not None


def test_each_verb_of_several_people_at_a_change_is_heard_once(system: System) -> None:
    """Each says something of their own; what is said twice has one effect, and one line."""
    _, rollout = waiting(system)
    pause_and_resume(system, rollout, 8)
    began = generation(system, rollout)
    people = [f"person-{number}" for number in range(12)]

    def pause(person: str) -> None:
        path = f"/runtime/webhooks/durabletask/instances/{rollout}/raiseEvent/command"
        for verb in ("pause", "resume"):
            answer = system.api.post(path, json={"verb": verb, "by": person})
            assert answer.status_code == 202

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(pause, people))
    system.host.wait_idle()
    pause_and_resume(system, rollout, 2)
    assert generation(system, rollout) > began
    tell(system, f"/api/rollouts/{rollout}", "pause", by="last")
    assert "last" in system.view(rollout)["message"]
    said = [each["evidence"] for each in system.events(rollout)]
    pauses = [each["by"] for each in said if each.get("verb") == "pause"]
    assert len([by for by in pauses if by in people]) == len({by for by in pauses if by in people})
    verbs = [each["verb"] for each in said if each.get("verb") in {"pause", "resume"}]
    assert verbs == ["pause", "resume"] * (len(verbs) // 2) + ["pause"], "each one took effect once"
    tell(system, f"/api/rollouts/{rollout}", "resume")
    assert approve_all(system, rollout)["phase"] == "Succeeded"


@pytest.mark.by_day(0)
def test_decisions_about_failed_instances_leave_a_short_history(system: System) -> None:
    """The same instances are retried again and again, and are skipped in the end."""
    target = system.scale_set(capacity=10, **QUICK)
    system.fault("badImage", version=NEW)
    policy = {"onFailure": "pause", "health": {"timeout": "PT1M", "stable": "PT0S"}}
    rollout = system.start(target, policy={**policy, "decisionTimeout": "P5D"}).json()["id"]
    began = generation(system, rollout)
    for _ in range(30):
        system.until(rollout, lambda view: view["phase"] == "Paused")
        tell(system, f"/api/rollouts/{rollout}", "retry")
        system.until(rollout, lambda view: view["phase"] != "Paused")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert generation(system, rollout) > began
    system.azure.delete("/_sim/faults")
    tell(system, f"/api/rollouts/{rollout}", "skip")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["skipped"]) == ("Succeeded", 2), view["message"]
    assert system.truth(target)["violations"] == []


@pytest.mark.by_day(0)
def test_a_long_way_back_leaves_a_short_history(system: System) -> None:
    target = system.scale_set(capacity=40, **QUICK)
    policy = {key: value for key, value in ONE_BY_ONE.items() if key != "approval"}
    rollout = system.start(target, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 38)
    tell(system, f"/api/rollouts/{rollout}", "rollback")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    truth = system.truth(target)
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}
    assert (truth["peakDown"], truth["violations"]) == (1, [])
    kinds = [each["kind"] for each in system.events(rollout)]
    assert kinds.count("rollingBack") == 1
    assert kinds.count("modelSet") == 2 + 1, "set, put back, and looked at in the end"


PATIENT = {
    **ONE_BY_ONE,
    "maxBatchInstances": 2,
    "health": {
        "interval": "PT5M", "timeout": "PT12H", "unhealthyAfter": "PT11H", "stable": "PT0S"
    },
}  # fmt: skip


def pass_hours(system: System, hours: float) -> None:
    """Let that time pass, five minutes at a time."""
    for _ in range(int(hours * 12)):
        system.host.wait_idle()
        system.clock.advance(timedelta(minutes=5))
    system.host.wait_idle()


def held_at_the_gate(system: System) -> tuple[str, str]:
    """An upgraded instance is ill for six hours, when the second batch is approved."""
    target = system.scale_set(capacity=10, **QUICK)
    rollout = system.start(target, policy=PATIENT).json()["id"]
    system.until(rollout, asks)
    tell(system, f"/api/rollouts/{rollout}", "approve")
    system.until(rollout, lambda view: asks(view) and view["batch"] == 1)
    system.fault("flapping", scaleSet=target, instanceIds=["0"], version=NEW, period="PT6H")
    tell(system, f"/api/rollouts/{rollout}", "approve")
    return target, rollout


@pytest.mark.by_day(0)
def test_a_batch_that_waits_for_hours_leaves_short_histories(system: System) -> None:
    target, rollout = held_at_the_gate(system)
    began = generation(system, f"{rollout}:batch-2")
    pass_hours(system, 4)
    assert "waiting" in system.view(rollout)["message"]
    assert generation(system, f"{rollout}:batch-2") > began
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    pass_hours(system, 2.5)
    view = approve_all(system, rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 10), view["message"]
    assert system.truth(target)["violations"] == []
    assert [each["upgrades"] for each in system.truth(target)["instances"]] == [1] * 10


def test_a_batch_that_waits_for_hours_hears_the_operator(system: System) -> None:
    target, rollout = held_at_the_gate(system)
    pass_hours(system, 2)
    tell(system, f"/api/rollouts/{rollout}", "abort")
    view = system.finish(rollout)
    assert (view["phase"], view["counts"]["done"]) == ("Aborted", 2), view["message"]
    assert sum(each["upgrades"] for each in system.truth(target)["instances"]) == 2


def test_a_model_that_azure_takes_long_to_change_leaves_a_short_history(system: System) -> None:
    target = system.scale_set(capacity=2, updateDomains=1, modelUpdateDuration="PT14M", **QUICK)
    view = system.run(target)
    assert view["phase"] == "Succeeded", view["message"]
    assert max(histories(system, view["id"]).values()) <= LONGEST_HISTORY
