"""Windows and freezes of the scale sets of a fleet rollout."""

import json
from typing import Any

import httpx
import pytest
from answering import ALLOWS_LOOPBACK
from receiver import receiving
from story import NEW, OLD, System
from waves import images, logged, tell
from windows import HOUR, freeze

from local.host.engine.deaths import Death

type Json = dict[str, Any]


def frozen(system: System) -> tuple[str, list[str]]:
    """A fleet rollout of two waves, whose first rollout waits for the end of a freeze."""
    scale_sets = system.small(2)
    waves = [{"name": f"wave {at}", "scaleSets": [one]} for at, one in enumerate(scale_sets)]
    policy = {"freezes": [freeze(system, -HOUR, 20 * HOUR)], "deadline": "P3D"}
    fleet = system.start_fleet(waves, policy=policy).json()["id"]
    system.fleet_until(fleet, lambda view: view["counts"]["inProgress"] == 1)
    [row, _] = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    system.until(row["rolloutId"], lambda view: view["opensAt"] is not None)
    return fleet, scale_sets


def test_who_breaks_the_glass_of_a_fleet_rollout_breaks_it_for_all_its_scale_sets(
    system: System,
) -> None:
    fleet, scale_sets = frozen(system)
    view = system.fleet(fleet)
    assert view["verbs"] == ["pause", "abort", "rollback", "breakGlass"]
    assert "No scale set waits for a window" in view["consequences"]["breakGlass"]
    unsaid = system.api.post(f"/api/fleet-rollouts/{fleet}/breakGlass", json={"by": "ann"})
    assert unsaid.status_code == 400
    assert unsaid.json()["errors"][0]["path"] == "reason"
    began = system.clock.now()
    view = tell(system, fleet, "breakGlass", by="ann", reason="CVE-2026-1234")
    assert "breakGlass" not in view["verbs"]
    view = system.finish_fleet(fleet)
    assert (view["phase"], images(system, scale_sets)) == ("Succeeded", [NEW, NEW])
    assert system.clock.now() - began < 2 * HOUR
    [broken] = logged(system, fleet, "glassBroken")
    assert broken["message"] == "Break glass by ann (CVE-2026-1234)"
    rows = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    under_way, later = ([*system.events(row["rolloutId"])] for row in rows)
    assert "glassBroken" in {event["kind"] for event in under_way}
    begun = "The rollout has begun. Break glass by ann (CVE-2026-1234)"
    assert later[0]["message"] == begun


def test_glass_that_was_broken_stays_broken_when_it_breaks_off(system: System) -> None:
    fleet, scale_sets = frozen(system)
    death = Death("roll_out_fleet", fleet)
    system.host.deaths.plan(death)
    tell(system, fleet, "breakGlass", by="ann", reason="CVE-2026-1234")
    began = system.clock.now()
    system.pass_minutes(1)
    assert death in system.host.deaths.happened
    system.look_after()
    view = system.finish_fleet(fleet)
    assert (view["phase"], images(system, scale_sets)) == ("Succeeded", [NEW, NEW])
    assert system.clock.now() - began < 3 * HOUR


def test_there_is_no_glass_to_break_where_nothing_holds_it_up(system: System) -> None:
    fleet = system.start_fleet([{"name": "all", "scaleSets": system.small(1)}]).json()["id"]
    assert "breakGlass" not in system.fleet(fleet)["verbs"]
    said = system.api.post(f"/api/fleet-rollouts/{fleet}/breakGlass", json={"reason": "now"})
    assert said.status_code == 409
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"


def test_the_windows_of_the_app_hold_it_up_as_well(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_FREEZES", json.dumps([freeze(system, -HOUR, 20 * HOUR)]))
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    fleet = system.start_fleet(waves).json()["id"]
    assert "breakGlass" in system.fleet(fleet)["verbs"]
    tell(system, fleet, "breakGlass", by="ann", reason="CVE-2026-1234")
    began = system.clock.now()
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert system.clock.now() - began < 2 * HOUR


def test_a_calendar_that_cannot_be_read_refuses_the_plan_and_the_start(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    first, second = system.small(1), system.small(1)
    with receiving() as receiver:
        receiver.answer = lambda _: httpx.Response(503)
        entry = {"calendar": f"{receiver.url}/freezes.ics"}
        own = {"freezes": [entry], "deadline": "P5D"}
        waves = [
            {"name": "canary", "scaleSets": first},
            {"name": "prod", "scaleSets": second, "policy": own},
        ]
        body = {"image": {"version": NEW}, "waves": waves}
        planned = system.api.post("/api/fleet-rollouts/plan", json=body)
        for answer in (planned, system.start_fleet(waves)):
            assert answer.status_code == 400, answer.text
            assert answer.json()["title"] == "A calendar of freezes cannot be read"
            [error] = answer.json()["errors"]
            assert error["path"] == "waves[1].policy.freezes"
            assert error["message"].startswith("127.0.0.1: it answered 503")
    assert images(system, [*first, *second]) == [OLD, OLD]
