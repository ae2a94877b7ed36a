"""Fleet rollouts under an operator's hand."""

from typing import Any

from story import NEW, OLD, System
from waves import images

type Json = dict[str, Any]


def tell(system: System, fleet_id: str, verb: str, **body: Any) -> Json:
    answer = system.api.post(f"/api/fleet-rollouts/{fleet_id}/{verb}", json=body)
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()
    return system.fleet(fleet_id)


def test_a_wave_waits_for_approval(system: System) -> None:
    first, second = system.small(1), system.small(1)
    waves = [
        {"name": "canary", "scaleSets": first},
        {"name": "prod", "scaleSets": second, "approval": "before"},
    ]
    system.start_fleet(waves, id="approve-1")
    view = system.fleet_until("approve-1", lambda view: view["phase"] == "AwaitingApproval")
    assert view["message"] == "Wave prod (1 scale set(s)) waits for approval"
    assert "approve" in view["verbs"]
    assert images(system, second) == [OLD]
    tell(system, "approve-1", "approve", by="ann")
    assert system.finish_fleet("approve-1")["phase"] == "Succeeded"
    assert images(system, second) == [NEW]


def test_an_approval_that_does_not_come_pauses_it(system: System) -> None:
    waves = [{"name": "prod", "scaleSets": system.small(1), "approval": "before"}]
    system.start_fleet(waves, id="late-1", approvalTimeout="PT1H")
    view = system.fleet_until("late-1", lambda view: view["phase"] == "Paused")
    assert "the approval timeout (none within 1 h)" in view["message"]
    tell(system, "late-1", "abort")
    assert system.finish_fleet("late-1")["phase"] == "Aborted"


def test_a_pause_reaches_what_is_under_way_and_resume_goes_on(system: System) -> None:
    scale_sets = system.small(2)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="pause-1")
    system.fleet_until("pause-1", lambda view: view["counts"]["inProgress"] == 1)
    tell(system, "pause-1", "pause", by="ann", reason="lunch")
    rollout = system.api.get("/api/fleet-rollouts/pause-1/scale-sets").json()[0]["rolloutId"]
    assert system.until(rollout, lambda view: view["phase"] == "Paused")
    system.pass_minutes(120)
    assert system.fleet("pause-1")["counts"]["done"] == 0
    tell(system, "pause-1", "resume", by="ann")
    assert system.finish_fleet("pause-1")["phase"] == "Succeeded"


def test_an_abort_ends_what_is_under_way_and_begins_nothing(system: System) -> None:
    scale_sets = system.small(3)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="abort-1")
    system.fleet_until("abort-1", lambda view: view["counts"]["inProgress"] == 1)
    tell(system, "abort-1", "abort", by="ann", reason="wrong image")
    view = system.finish_fleet("abort-1")
    assert view["phase"] == "Aborted"
    assert view["message"].startswith("Aborted by ann (wrong image)")
    assert view["counts"]["pending"] == 2
    assert system.api.post("/api/fleet-rollouts/abort-1/pause").status_code == 409


def test_an_abort_reaches_a_later_wave_at_once(system: System) -> None:
    first, second = system.small(1), system.small(1)
    waves = [{"name": "one", "scaleSets": first}, {"name": "two", "scaleSets": second}]
    system.start_fleet(waves, id="later-1", policy={"pauseBetweenBatches": "PT5H"})
    system.fleet_until("later-1", lambda view: view["wave"] == 2)
    system.pass_minutes(20)
    tell(system, "later-1", "abort", by="ann")
    system.pass_minutes(20)
    assert system.fleet("later-1")["phase"] == "Aborted"
    rollout = system.api.get("/api/fleet-rollouts/later-1/scale-sets").json()[1]["rolloutId"]
    assert system.view(rollout)["phase"] == "Aborted"


def test_a_rollback_puts_back_every_wave_newest_first(system: System) -> None:
    first, second, third = system.small(2), system.small(1), system.small(1)
    waves = [
        {"name": "one", "scaleSets": first, "maxConcurrent": 2},
        {"name": "two", "scaleSets": second},
        {"name": "three", "scaleSets": third},
    ]
    system.start_fleet(waves, id="back-1")
    system.fleet_until("back-1", lambda view: view["wave"] == 3)
    tell(system, "back-1", "rollback", by="ann", reason="slow")
    view = system.finish_fleet("back-1")
    assert view["phase"] == "RolledBack"
    assert "Rollback requested by ann (slow)" in view["message"]
    assert images(system, [*first, *second, *third]) == [OLD] * 4
    assert {wave["cells"] for wave in view["waves"]} <= {"rr", "r"}


def test_one_that_has_ended_can_be_rolled_back(system: System) -> None:
    scale_sets = system.small(2)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="back-2")
    assert system.finish_fleet("back-2")["verbs"] == ["rollback"]
    tell(system, "back-2", "rollback", by="ann")
    view = system.finish_fleet("back-2")
    assert (view["phase"], view["verbs"]) == ("RolledBack", [])
    assert images(system, scale_sets) == [OLD] * 2
