"""Operating a fleet rollout."""

from typing import Any

import pytest
from story import NEW, OLD, System
from waves import images, tell

type Json = dict[str, Any]


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


def test_an_approval_that_came_too_late_is_asked_for_again_after_a_resume(system: System) -> None:
    scale_sets = system.small(1)
    waves = [{"name": "prod", "scaleSets": scale_sets, "approval": "before"}]
    system.start_fleet(waves, id="late-2", approvalTimeout="PT1H")
    system.fleet_until("late-2", lambda view: view["phase"] == "Paused")
    assert tell(system, "late-2", "resume", by="ann")["phase"] == "AwaitingApproval"
    system.pass_minutes(50)
    assert tell(system, "late-2", "approve", by="ann")["phase"] == "Progressing"
    assert system.finish_fleet("late-2")["phase"] == "Succeeded"
    assert images(system, scale_sets) == [NEW]


def test_a_pause_that_lasts_longer_than_an_approval_may_take_costs_no_approval(
    system: System,
) -> None:
    waves = [{"name": "prod", "scaleSets": system.small(1), "approval": "before"}]
    system.start_fleet(waves, id="late-3", approvalTimeout="PT1H")
    system.fleet_until("late-3", lambda view: view["phase"] == "AwaitingApproval")
    assert tell(system, "late-3", "pause", by="ann")["phase"] == "Paused"
    system.pass_minutes(180)
    assert tell(system, "late-3", "resume", by="ann")["phase"] == "AwaitingApproval"
    tell(system, "late-3", "approve", by="ann")
    assert system.finish_fleet("late-3")["phase"] == "Succeeded"


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
    system.fleet_until("later-1", lambda view: view["wave"] == 2, seconds=60)
    system.pass_minutes(20)
    tell(system, "later-1", "abort", by="ann")
    system.pass_minutes(20)
    assert system.fleet("later-1")["phase"] == "Aborted"
    rollout = system.api.get("/api/fleet-rollouts/later-1/scale-sets").json()[1]["rolloutId"]
    assert system.view(rollout)["phase"] == "Aborted"


def between_waves(system: System, fleet_id: str, verb: str) -> None:
    """Tell the fleet rollout, and not the wave that runs: so it is when the verb comes between two
    waves, and the one that was running then is told.
    """
    command = {"verb": verb, "by": "ann"}
    events = f"/runtime/webhooks/durabletask/instances/{fleet_id}/raiseEvent"
    assert system.api.post(f"{events}/command", json=command).status_code == 202
    system.host.wait_idle()


def in_second_wave(system: System, fleet_id: str, size: int, **fields: Any) -> list[str]:
    """A fleet rollout that has just begun its second wave: its scale sets, one and then so many."""
    first, second = system.small(1), system.small(size)
    waves = [{"name": "one", "scaleSets": first}, {"name": "two", "scaleSets": second}]
    system.start_fleet(waves, id=fleet_id, **fields)
    system.fleet_until(fleet_id, lambda view: view["wave"] == 2, seconds=60)
    return [*first, *second]


def test_an_abort_between_two_waves_is_kept_by_the_one_that_begins(system: System) -> None:
    scale_sets = in_second_wave(system, "border-1", 3)
    between_waves(system, "border-1", "abort")
    view = system.finish_fleet("border-1")
    assert view["phase"] == "Aborted"
    assert view["counts"]["pending"] == 2
    assert images(system, scale_sets)[2:] == [OLD, OLD]


def test_a_pause_between_two_waves_is_kept_until_somebody_resumes(system: System) -> None:
    scale_sets = in_second_wave(system, "border-2", 3)
    between_waves(system, "border-2", "pause")
    system.pass_minutes(180)
    assert system.fleet("border-2")["counts"]["pending"] == 2
    tell(system, "border-2", "resume", by="ann")
    assert system.finish_fleet("border-2")["phase"] == "Succeeded"
    assert images(system, scale_sets) == [NEW] * 4


def test_a_wave_goes_on_by_itself_after_a_pause_whose_end_it_was_not_told(system: System) -> None:
    scale_sets = in_second_wave(system, "border-3", 3)
    between_waves(system, "border-3", "pause")
    system.pass_minutes(60)
    between_waves(system, "border-3", "resume")
    assert system.finish_fleet("border-3")["phase"] == "Succeeded"
    assert images(system, scale_sets) == [NEW] * 4


@pytest.mark.by_day(0)
def test_an_abort_between_two_waves_reaches_a_wave_that_has_nothing_left_to_start(
    system: System,
) -> None:
    in_second_wave(system, "border-4", 1, policy={"pauseBetweenBatches": "PT5H"})
    between_waves(system, "border-4", "abort")
    system.pass_minutes(60)
    assert system.fleet("border-4")["phase"] == "Aborted"


def test_an_abort_of_a_rollback_is_no_complete_rollback(system: System) -> None:
    scale_sets = system.small(3)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="half-1")
    system.finish_fleet("half-1")
    tell(system, "half-1", "rollback", by="ann")
    tell(system, "half-1", "abort", by="ben")
    view = system.finish_fleet("half-1")
    assert view["phase"] == "Aborted"
    assert images(system, scale_sets).count(NEW) >= 2
    assert view["waves"][0]["cells"].count("r") == images(system, scale_sets).count(OLD)
    assert "p" not in view["waves"][0]["cells"]


def test_a_rollback_that_is_said_twice_changes_nothing_the_second_time(system: System) -> None:
    scale_sets = system.small(3)
    system.start_fleet([{"name": "all", "scaleSets": scale_sets}], id="twice-1")
    system.fleet_until("twice-1", lambda view: view["counts"]["done"] == 1)
    tell(system, "twice-1", "rollback", by="ann")
    system.fleet_until("twice-1", lambda view: view["phase"] == "RollingBack")
    tell(system, "twice-1", "rollback", by="ben")
    assert system.finish_fleet("twice-1")["phase"] == "RolledBack"
    assert images(system, scale_sets) == [OLD] * 3


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
