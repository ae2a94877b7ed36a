"""Windows and freezes: when a rollout's batches begin, and what it says while they do not."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from story import System
from windows import HOUR, ZONE, freeze, window

type Json = dict[str, Any]


def waits(view: Json) -> bool:
    return view["opensAt"] is not None


def when(event: Json) -> datetime:
    return datetime.fromisoformat(event["at"])


def of_kind(system: System, rollout: str, *kinds: str) -> list[Json]:
    return [event for event in system.events(rollout) if event["kind"] in kinds]


def tell(system: System, rollout: str, verb: str, **body: Any) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json=body)
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


def test_nothing_is_changed_before_the_window_opens(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    opens = window(system, 3 * HOUR, 5 * HOUR)
    rollout = system.start(scale_set, policy={"windows": [opens]}).json()["id"]
    view = system.until(rollout, waits)
    assert view["phase"] == "Progressing"
    assert view["verbs"] == ["pause", "abort", "rollback", "breakGlass"]
    assert view["message"].startswith("Nothing begins until ")
    assert f" {opens['from']} {ZONE} (" in view["message"]
    assert view["message"].endswith(f"because no window is open (daily {_spoken(opens)})")
    opens_at = datetime.fromisoformat(view["opensAt"])
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded"
    assert view["opensAt"] is None
    changed = [
        datetime.fromisoformat(one["at"])
        for one in system.requests()
        if one["method"] in {"PATCH", "POST"} and "virtualMachineScaleSets" in one["path"]
    ]
    assert changed
    assert min(changed) >= opens_at
    said = [event["message"] for event in of_kind(system, rollout, "waiting")]
    assert len([message for message in said if "no window is open" in message]) == 1


def _spoken(opens: Json) -> str:
    return f"{opens['from']}-{opens['to']} {ZONE}"


def test_each_batch_ends_in_the_window_in_which_it_began(system: System) -> None:
    """Three nights: in each there is time for some batches by their worst case."""
    scale_set = system.scale_set(capacity=10, updateDomains=5)
    opens = window(system, 2 * HOUR, timedelta(minutes=20))
    policy = {"windows": [opens], "deadline": "P6D"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    assert system.finish(rollout)["phase"] == "Succeeded"
    batches = of_kind(system, rollout, "batchStarted", "batchFinished")
    assert len(batches) == 10
    assert len({when(event).date() for event in batches}) > 1
    for event in batches:
        assert opens["from"] <= f"{when(event).astimezone(ZoneInfo(ZONE)):%H:%M}" <= opens["to"]
    begun = [when(event) for event in batches[::2]]
    latest = [
        f"{(each + timedelta(minutes=15)).astimezone(ZoneInfo(ZONE)):%H:%M}" for each in begun
    ]
    assert max(latest) <= opens["to"]


def test_a_freeze_holds_up_the_next_batch_and_not_the_one_under_way(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    frozen = freeze(system, timedelta(minutes=18), 5 * HOUR)
    rollout = system.start(scale_set, policy={"freezes": [frozen]}).json()["id"]
    view = system.until(rollout, waits)
    assert 0 < view["counts"]["done"] < 10
    assert view["counts"]["inProgress"] == 0
    assert "Peak sales" in view["message"]
    opens_at = datetime.fromisoformat(view["opensAt"])
    assert system.finish(rollout)["phase"] == "Succeeded"
    last = of_kind(system, rollout, "batchStarted")[-1]
    assert when(last) >= opens_at


def test_a_rollout_whose_next_window_opens_after_the_deadline_stops_and_says_so(
    system: System,
) -> None:
    scale_set = system.scale_set(capacity=10)
    opens = window(system, HOUR, timedelta(minutes=16))
    policy = {"windows": [opens], "deadline": "PT5H"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert 0 < view["counts"]["done"] < 10
    assert "no batch may begin until " in view["message"]
    assert "UTC is before that" in view["message"]


def test_who_speaks_while_it_waits_is_heard(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"windows": [window(system, 3 * HOUR, 5 * HOUR)]}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, waits)
    tell(system, rollout, "pause", by="ann")
    view = system.view(rollout)
    assert view["phase"] == "Paused"
    system.pass_minutes(4 * 60)
    assert system.view(rollout)["phase"] == "Paused"
    tell(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
def test_an_end_is_heard_while_it_waits(system: System, verb: str, phase: str) -> None:
    scale_set = system.scale_set(capacity=10)
    policy = {"windows": [window(system, 3 * HOUR, 5 * HOUR)]}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, waits)
    tell(system, rollout, verb, by="ann")
    assert system.view(rollout)["phase"] == phase


def test_the_way_back_waits_for_no_window(system: System) -> None:
    scale_set = system.scale_set(capacity=10)
    frozen = freeze(system, timedelta(minutes=18), 50 * HOUR)
    policy = {"freezes": [frozen], "deadline": "P5D"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    view = system.until(rollout, waits)
    assert view["counts"]["done"] > 0
    began = system.clock.now()
    tell(system, rollout, "rollback")
    assert system.finish(rollout)["phase"] == "RolledBack"
    assert system.clock.now() - began < 5 * HOUR


def test_what_was_approved_by_day_runs_at_night(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    opens = window(system, 3 * HOUR, 5 * HOUR)
    policy = {"windows": [opens], "approval": "start"}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    tell(system, rollout, "approve", by="carol")
    assert waits(system.view(rollout))
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert len(of_kind(system, rollout, "approvalAsked")) == 1


def test_an_approval_of_a_batch_holds_until_its_window_opens(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    frozen = freeze(system, timedelta(minutes=16), 3 * HOUR)
    policy = {"freezes": [frozen], "approval": "everyBatch", "maxBatchInstances": 2}
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(10)
    tell(system, rollout, "approve")
    assert waits(system.view(rollout))
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval" and view["batch"] == 1)
    tell(system, rollout, "approve")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert len(of_kind(system, rollout, "approvalAsked")) == 2


def test_every_rollout_of_a_fleet_waits(system: System) -> None:
    policy = {"windows": [window(system, 3 * HOUR, 5 * HOUR)]}
    sets = system.small(2)
    wave = {"name": "all", "scaleSets": sets}
    fleet = system.start_fleet([wave], policy=policy).json()["id"]
    begun = system.clock.now()
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Succeeded"
    changed = [datetime.fromisoformat(one["at"]) for one in system.requests("PATCH")]
    assert len(changed) >= 2
    assert min(changed) >= begun + timedelta(hours=2, minutes=59)


def test_automatic_repairs_stay_suspended_only_with_a_reason_while_it_waits(system: System) -> None:
    scale_set = system.scale_set(capacity=10, automaticRepairs=True)
    frozen = freeze(system, timedelta(minutes=18), 5 * HOUR)
    rollout = system.start(scale_set, policy={"freezes": [frozen]}).json()["id"]
    system.until(rollout, waits)
    system.pass_minutes(15)
    view = system.view(rollout)
    assert waits(view)
    assert "that no batch has begun with" in view["repairs"]["why"]
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize("fleet", [False, True], ids=["rollout", "fleet"])
def test_what_the_app_says_holds_too_and_for_whoever_has_begun_as_it_was(
    system: System, monkeypatch: pytest.MonkeyPatch, *, fleet: bool
) -> None:
    frozen = freeze(system, timedelta(0), 3 * HOUR, "Change freeze")
    monkeypatch.setenv("ROLLOUT_FREEZES", json.dumps([frozen]))
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    begun = system.clock.now()
    if fleet:
        started = system.start_fleet([{"name": "all", "scaleSets": [scale_set]}])
    else:
        started = system.start(scale_set)
    system.host.wait_idle()
    monkeypatch.delenv("ROLLOUT_FREEZES")
    end = system.finish_fleet if fleet else system.finish
    assert end(started.json()["id"])["phase"] == "Succeeded"
    changed = [datetime.fromisoformat(one["at"]) for one in system.requests("PATCH")]
    assert min(changed) >= begun + 2.9 * HOUR


def test_a_wrong_setting_is_said_and_refuses_a_start(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_WINDOWS", '[{"from": "22:00", "to": "23:00", "timeZone": "CET"}]')
    health = system.api.get("/api/health")
    assert health.status_code == 503
    assert "ROLLOUT_WINDOWS is not valid: [0].timeZone 'CET' is not known" in health.text
    refused = system.start(system.scale_set(capacity=2))
    assert (refused.status_code, refused.json()["title"]) == (503, "A setting of the app is wrong")


def test_whoever_breaks_the_glass_says_why_and_the_rollout_goes_on(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    frozen = freeze(system, timedelta(minutes=18), 20 * HOUR)
    rollout = system.start(scale_set, policy={"freezes": [frozen]}).json()["id"]
    view = system.until(rollout, waits)
    assert view["verbs"] == ["pause", "abort", "rollback", "breakGlass"]
    assert "waits for no window" in view["consequences"]["breakGlass"]
    unsaid = system.api.post(f"/api/rollouts/{rollout}/breakGlass", json={"by": "ann"})
    assert unsaid.status_code == 400
    assert unsaid.json()["errors"][0]["path"] == "reason"
    begun = system.clock.now()
    tell(system, rollout, "breakGlass", by="ann", reason="CVE-2026-1234")
    assert "breakGlass" not in system.view(rollout)["verbs"]
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert system.clock.now() - begun < 2 * HOUR
    [broken] = of_kind(system, rollout, "glassBroken")
    assert broken["message"] == "Break glass by ann (CVE-2026-1234)"


def test_there_is_no_glass_to_break_where_nothing_holds_it_up(system: System) -> None:
    rollout = system.start(system.scale_set(capacity=4)).json()["id"]
    body = {"reason": "now"}
    assert "breakGlass" not in system.view(rollout)["verbs"]
    assert system.api.post(f"/api/rollouts/{rollout}/breakGlass", json=body).status_code == 409
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_batch_that_could_not_be_sent_in_time_waits_for_the_next_window(system: System) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    frozen = freeze(system, timedelta(minutes=18), 5 * HOUR)
    system.fault("throttle", path="manualupgrade", scaleSet=scale_set, count=1, retryAfter=300)
    rollout = system.start(scale_set, policy={"freezes": [frozen]}).json()["id"]
    view = system.until(rollout, waits)
    assert view["counts"]["pending"] == 4
    assert "Peak sales" in view["message"]
    opens_at = datetime.fromisoformat(view["opensAt"])
    assert system.finish(rollout)["phase"] == "Succeeded"
    sent = [one for one in system.requests("POST", "manualupgrade") if one["status"] < 300]
    assert min(datetime.fromisoformat(one["at"]) for one in sent) >= opens_at
