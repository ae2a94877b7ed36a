"""Alerts that fire during a wave of a fleet rollout, and between two of them."""

from typing import Any

from story import NEW, OLD, System
from waves import images, logged, tell

from local.host.engine.deaths import Death

type Json = dict[str, Any]
GATE = {"name": "alerts", "place": "wave", "check": {"kind": "alert", "rules": ["errors"]}}


def begun(system: System, canary: Json | None = None, prod: Json | None = None) -> list[str]:
    """A fleet rollout of two waves, a scale set each, with a gate of alerts: its id, and its scale
    sets.
    """
    first, second = system.small(1), system.small(1)
    waves = [
        {"name": "canary", "scaleSets": first, **(canary or {})},
        {"name": "prod", "scaleSets": second, **(prod or {})},
    ]
    answer = system.start_fleet(waves, policy={"gates": [GATE]})
    assert answer.status_code == 202, answer.text
    return [answer.json()["id"], *first, *second]


def fire(system: System, scale_set: str) -> None:
    alert = {"rule": "errors", "resource": scale_set, "severity": "Sev0"}
    assert system.azure.post("/_sim/alerts", json=alert).is_success


def waves_started(system: System, fleet_id: str) -> list[str]:
    return [event["evidence"]["wave"] for event in logged(system, fleet_id, "waveStarted")]


def baking(view: Json) -> bool:
    return any(wave.get("bakingUntil") for wave in view["waves"])


def test_what_fired_during_a_wave_counts_although_the_fleet_rollout_broke_off(
    system: System,
) -> None:
    fleet, *scale_sets = begun(system, {"bakeAfter": "PT2H"})
    began = system.fleet_until(fleet, baking)["waveBeganAt"]
    fire(system, scale_sets[0])
    system.pass_minutes(5)
    death = Death("roll_out_fleet", fleet)
    system.host.deaths.plan(death)
    tell(system, fleet, "pause", by="ann")
    assert death in system.host.deaths.happened
    tell(system, fleet, "retry", by="ann")
    view = system.finish_fleet(fleet)
    assert (view["phase"], images(system, scale_sets)) == ("Failed", [NEW, OLD]), view["message"]
    assert "after wave 1 of 2 (canary)" in view["message"]
    assert (view["waveBeganAt"], waves_started(system, fleet)) == (began, ["canary"])


def test_what_fired_between_two_waves_counts_after_the_next_one(system: System) -> None:
    fleet, *scale_sets = begun(system, prod={"approval": "before"})
    system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(30)
    fire(system, scale_sets[0])
    system.pass_minutes(30)
    tell(system, fleet, "approve", by="ann")
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Failed", view["message"]
    assert "after wave 2 of 2 (prod)" in view["message"]
