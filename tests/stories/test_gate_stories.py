"""Gates: what their answers do to a rollout, at each place and with each weight."""

from collections.abc import Callable
from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from gated import SMALL, gate, policy
from generations import LONGEST_HISTORY, generation, histories
from story import NEW, System

Json = dict[str, Any]


def said(system: System, rollout: str, kind: str) -> list[Json]:
    return [event for event in system.events(rollout) if event["kind"] == kind]


def in_phase(phase: str) -> Callable[[Json], bool]:
    def is_in(view: Json) -> bool:
        return view["phase"] == phase

    return is_in


def tell(system: System, rollout: str, verb: str) -> None:
    answer = system.api.post(f"/api/rollouts/{rollout}/{verb}", json={"by": "ann"})
    assert answer.status_code == 202, answer.text
    system.host.wait_idle()


PLACES = {"start": 1, "beforeBatch": 2, "afterBatch": 2, "end": 1}


@pytest.mark.parametrize(("place", "times"), PLACES.items(), ids=PLACES)
def test_a_gate_that_passes_lets_the_rollout_go_on(
    system: System, host: AskedHost, place: str, times: int
) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=policy(gate(host.says("/g", YES), place)))
    assert view["phase"] == "Succeeded", view["message"]
    assert host.times("/g") == times
    assert len(said(system, view["id"], "gatesPassed")) == times
    [line] = view["gates"]
    assert (line["name"], line["place"], line["kind"]) == ("errors", place, "http")
    assert (line["verdict"], line["weight"]) == ("pass", "required")
    assert line["message"].endswith("/g answered 200, and ok is true")


@pytest.mark.parametrize("place", PLACES)
def test_a_gate_that_fails_is_a_failed_batch(system: System, host: AskedHost, place: str) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=policy(gate(host.says("/g", NO), place)))
    assert view["phase"] == ("Failed" if place == "start" else "RolledBack"), view["message"]
    assert system.truth(scale_set)["violations"] == []
    assert all(each["image"] != NEW for each in system.truth(scale_set)["instances"])
    [event] = said(system, view["id"], "gateFailed")
    assert "gate errors has failed" in event["message"].lower()
    assert event["evidence"]["answers"]["evidence"]["answer"] == '{"ok": false}'
    upgraded = {"start": 0, "beforeBatch": 0, "afterBatch": 2, "end": 4}[place]
    sends = sum(each["upgrades"] for each in system.truth(scale_set)["instances"])
    assert sends == 2 * upgraded  # there and back


def test_what_a_gate_waits_for_holds_the_next_batch(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    url = host.says("/g", BUSY, BUSY, BUSY, YES)
    rollout = system.start(scale_set, policy=policy(gate(url, timeout="PT1H"))).json()["id"]
    view = system.until(rollout, lambda _: host.times("/g") == 2)
    assert view["message"] == ("Waiting for gates after batch 1 of 2 (update domain 0): errors")
    assert view["counts"]["done"] == 2
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert len(said(system, rollout, "waiting")) == 1


def test_what_cannot_be_told_in_time_is_handled_as_the_gate_says(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    unsure = gate(host.says("/g", BUSY), timeout="PT5M", onUnknown="pause")
    rollout = system.start(scale_set, policy=policy(unsure)).json()["id"]
    view = system.until(rollout, in_phase("Paused"))
    assert "gate errors could not be told within 5 min" in view["message"]
    assert view["verbs"] == ["retry", "skip", "abort", "rollback"]
    assert view["waits"]["gate"] == "errors"
    assert view["consequences"]["skip"] == "It goes on without gate errors."
    assert view["consequences"]["retry"].startswith("It asks gate errors again")
    host.says("/g", YES)
    tell(system, rollout, "retry")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_host_that_is_away_rolls_back_when_the_time_is_over(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=policy(gate(host.says("/g", BUSY), timeout="PT5M")))
    assert view["phase"] == "RolledBack"
    assert 9 <= host.times("/g") <= 11


def test_an_operator_goes_on_without_a_gate(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = gate(host.says("/g", NO, YES), "end")
    rollout = system.start(scale_set, policy=policy(asked, onFailure="pause")).json()["id"]
    view = system.until(rollout, in_phase("Paused"))
    assert view["message"].startswith("Paused at the end: gate errors has failed: ")
    tell(system, rollout, "skip")
    view = system.finish(rollout)
    assert (view["phase"], host.times("/g")) == ("Succeeded", 1)
    [skipped] = said(system, rollout, "skipRequested")
    assert skipped["message"] == "Skip by ann"


def test_no_decision_about_a_gate_stops_the_rollout(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = policy(gate(host.says("/g", NO)), onFailure="pause", decisionTimeout="PT1H")
    view = system.run(scale_set, policy=asked)
    assert view["phase"] == "Failed"
    assert "no decision was made in time" in view["message"]


def test_onfailure_stop_leaves_everything_as_it_is(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=policy(gate(host.says("/g", NO)), onFailure="stop"))
    assert view["phase"] == "Failed"
    assert view["counts"]["done"] == 2
    assert "gate errors has failed" in view["message"]


@pytest.mark.crossed
@pytest.mark.parametrize("weight", ["advisory", "dryRun"])
@pytest.mark.parametrize("answer", [NO, BUSY], ids=["fails", "could not tell"])
def test_an_advisory_gate_or_a_dry_run_holds_nobody(
    system: System, host: AskedHost, weight: str, answer: Any
) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=policy(gate(host.says("/g", answer), weight=weight)))
    assert view["phase"] == "Succeeded"
    assert host.times("/g") == 2
    noted = said(system, view["id"], "gateNoted")
    assert len(noted) == 2
    would = "with weight required, the rollout would wait for it, or be rolled back"
    assert (would in noted[0]["message"]) == (weight == "dryRun")
    assert said(system, view["id"], "waiting") == []


def test_a_gate_is_asked_as_long_as_the_canary_bakes(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    baking = gate(host.says("/g", YES), "bake", interval="PT1M")
    canary = {"instances": 1, "bake": "PT10M"}
    view = system.run(scale_set, policy=policy(baking, canary=canary))
    assert view["phase"] == "Succeeded"
    assert host.times("/g") == 11


def test_a_canary_whose_gate_fails_in_the_bake_is_rolled_back(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    baking = gate(host.says("/g", YES, YES, YES, NO), "bake", interval="PT1M")
    canary = {"instances": 1, "bake": "PT10M"}
    view = system.run(scale_set, policy=policy(baking, canary=canary))
    assert (view["phase"], host.times("/g")) == ("RolledBack", 4)
    assert sum(each["upgrades"] for each in system.truth(scale_set)["instances"]) == 2


def test_the_way_back_asks_no_gate(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    gates = [
        gate(host.says("/before", YES), "beforeBatch", "before"),
        gate(host.says("/after", YES, NO), "afterBatch", "after"),
    ]
    view = system.run(scale_set, policy=policy(*gates))
    assert view["phase"] == "RolledBack"
    assert (host.times("/before"), host.times("/after")) == (2, 2)


@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
def test_the_end_is_heard_while_a_gate_holds(
    system: System, host: AskedHost, verb: str, phase: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    url = host.says("/g", BUSY)
    rollout = system.start(scale_set, policy=policy(gate(url, timeout="P1D"))).json()["id"]
    system.until(rollout, lambda _: host.times("/g") >= 2)
    tell(system, rollout, verb)
    assert system.finish(rollout)["phase"] == phase


def test_after_a_pause_the_gate_is_asked_anew(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    url = host.says("/g", YES, BUSY)
    asked = gate(url, "beforeBatch", passes=2, timeout="PT1H")
    rollout = system.start(scale_set, policy=policy(asked)).json()["id"]
    system.until(rollout, lambda _: host.times("/g") >= 2)
    tell(system, rollout, "pause")
    system.until(rollout, in_phase("Paused"))
    asked_before = host.times("/g")
    system.pass_minutes(180)
    assert host.times("/g") == asked_before
    host.says("/g", YES)
    tell(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert host.times("/g") == asked_before + 2 + 2  # two in a row, before each batch


def test_an_approval_is_given_once_and_then_the_gate_is_asked(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = gate(host.says("/g", *[BUSY] * 40, YES), "beforeBatch", timeout="PT2H")
    everything = policy(asked, approval="everyBatch")
    rollout = system.start(scale_set, policy=everything).json()["id"]
    for _ in range(2):
        system.until(rollout, in_phase("AwaitingApproval"))
        tell(system, rollout, "approve")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert len(said(system, rollout, "approvalAsked")) == 2
    assert host.times("/g") == 41 + 1


@pytest.mark.by_day(0)
def test_a_gate_that_holds_for_hours_leaves_short_histories(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = gate(host.says("/g", *[BUSY] * 400, YES), "afterBatch", timeout="PT6H")
    rollout = system.start(scale_set, policy=policy(asked)).json()["id"]
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert host.times("/g") == 401 + 1
    assert generation(system, rollout) > 10
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert len(said(system, rollout, "waiting")) == 1
