"""Gates between the waves of a fleet rollout."""

import json
from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from calling_back import called_back, questions, reply
from following import followed, follower, publish, versions
from story import NEW, OLD, System
from waves import images, logged, tell, two_waves, wave_gate

type Json = dict[str, Any]


def test_it_is_asked_after_each_wave_and_not_by_the_rollouts(
    system: System, host: AskedHost
) -> None:
    fleet, scale_sets = two_waves(system, wave_gate(host.says("/g", YES)))
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Succeeded", view["message"]
    assert images(system, scale_sets) == [NEW, NEW]
    assert host.times("/g") == 2
    [line] = view["gates"]
    assert (line["name"], line["place"], line["kind"]) == ("errors", "wave", "http")
    assert (line["verdict"], line["weight"]) == ("pass", "required")
    passed = [event["message"] for event in logged(system, fleet, "gatesPassed")]
    assert passed == [
        "Gates passed after wave 1 of 2 (canary): errors",
        "Gates passed after wave 2 of 2 (prod): errors",
    ]
    rows = system.api.get(f"/api/fleet-rollouts/{fleet}/scale-sets").json()
    assert [system.view(row["rolloutId"])["gates"] for row in rows] == [[], []]


def test_one_that_fails_stops_the_fleet_rollout_as_a_failed_wave_does(
    system: System, host: AskedHost
) -> None:
    fleet, scale_sets = two_waves(system, wave_gate(host.says("/g", NO)))
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Failed"
    assert view["message"].startswith("Stopped: gate errors has failed: GET 127.0.0.1")
    assert "(after wave 1 of 2 (canary))" in view["message"]
    assert "1 of 2 scale set(s) are done, 1 were not touched" in view["message"]
    assert images(system, scale_sets) == [NEW, OLD]
    [event] = logged(system, fleet, "gateFailed")
    assert event["message"].endswith("(after wave 1 of 2 (canary))")
    assert event["evidence"]["answers"]["evidence"]["answer"] == '{"ok": false}'
    assert "rollback" in view["verbs"]


def test_one_that_fails_after_the_last_wave_is_no_success(system: System, host: AskedHost) -> None:
    fleet, scale_sets = two_waves(system, wave_gate(host.says("/g", YES, NO)))
    view = system.finish_fleet(fleet)
    assert (view["phase"], images(system, scale_sets)) == ("Failed", [NEW, NEW])
    assert "after wave 2 of 2 (prod)" in view["message"]


@pytest.mark.by_day(0)
def test_one_after_the_last_wave_has_time_until_the_deadline_and_then_is_no_success(
    system: System, host: AskedHost
) -> None:
    url = host.says("/g", YES, BUSY)
    patient = wave_gate(url, timeout="PT12H", onUnknown="pause")
    fleet, scale_sets = two_waves(system, patient, deadline="PT3H")
    view = system.finish_fleet(fleet)
    assert (view["phase"], images(system, scale_sets)) == ("Failed", [NEW, NEW])
    assert "passed while it waited for gates after wave 2 of 2 (prod): errors" in view["message"]
    assert "rollback" in view["verbs"]


def test_who_approves_the_next_wave_has_its_answer(system: System, host: AskedHost) -> None:
    url = host.says("/g", BUSY, YES)
    fleet, scale_sets = two_waves(system, wave_gate(url), prod={"approval": "before"})
    view = system.fleet_until(fleet, lambda _: host.times("/g") == 1)
    assert view["message"] == "Waiting for gates after wave 1 of 2 (canary): errors"
    view = system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    assert [line["verdict"] for line in view["gates"]] == ["pass"]
    system.pass_minutes(200)
    assert host.times("/g") == 2
    tell(system, fleet, "approve", by="ann")
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert host.times("/g") == 3
    assert images(system, scale_sets) == [NEW, NEW]


def test_after_a_pause_it_is_asked_anew_and_an_approval_holds(
    system: System, host: AskedHost
) -> None:
    fleet, _ = two_waves(system, wave_gate(host.says("/g", YES)), prod={"approval": "before"})
    system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    tell(system, fleet, "pause", by="ann")
    system.pass_minutes(60)
    assert host.times("/g") == 1
    tell(system, fleet, "resume", by="ann")
    host.says("/g", BUSY, BUSY, YES)
    tell(system, fleet, "approve", by="ann")
    view = system.fleet_until(fleet, lambda _: host.times("/g") >= 2)
    assert view["message"].startswith("Waiting for gates after wave 1 of 2")
    view = system.finish_fleet(fleet)
    assert (view["phase"], len(logged(system, fleet, "approvalAsked"))) == ("Succeeded", 2)


def test_after_a_pause_while_an_image_ripens_it_is_asked_anew(
    system: System, host: AskedHost, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gated = {"gates": [wave_gate(host.says("/g", YES))]}
    ripe = {"name": "prod", "minimumImageAge": "PT2H"}
    monkeypatch.setenv("ROLLOUT_POLICIES", json.dumps({"gated": gated}))
    monkeypatch.setenv("ROLLOUT_WAVES", json.dumps([{"name": "canary"}, ripe]))
    first, second = (follower(system, image, wave, policy="gated") for wave in ("canary", "prod"))
    publish(system, image, "1.0.1")
    while not (fleet := followed(system, image)["fleetRolloutId"]):
        system.clock.jump(system.host.next_due or system.clock.now())
        system.host.wait_idle()
    system.fleet_until(fleet, lambda view: "Waiting until the image" in view["message"])
    assert host.times("/g") == 1
    tell(system, fleet, "pause", by="ann")
    tell(system, fleet, "resume", by="ann")
    system.fleet_until(fleet, lambda view: view["wave"] == 2)
    assert host.times("/g") == 2
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    assert versions(system, first, second) == ["1.0.1", "1.0.1"]


def test_an_approval_while_gates_are_asked_after_one_is_not_for_the_wave_after_next(
    system: System, host: AskedHost
) -> None:
    scale_sets = [system.small(1) for _ in range(3)]
    rules = [{}, {"approval": "before"}, {"approval": "before"}]
    names = ["canary", "early", "prod"]
    waves = [
        {"name": name, "scaleSets": ids, **own}
        for name, ids, own in zip(names, scale_sets, rules, strict=True)
    ]
    gates = [wave_gate(host.says("/g", YES))]
    fleet = system.start_fleet(waves, policy={"gates": gates}).json()["id"]
    system.fleet_until(fleet, lambda view: view["phase"] == "AwaitingApproval")
    tell(system, fleet, "pause", by="ann")
    tell(system, fleet, "resume", by="ann")
    twice: list[int] = []

    def approve() -> None:
        url = f"/api/fleet-rollouts/{fleet}/approve"
        twice.append(system.api.post(url, json={"by": "ben"}).status_code)

    host.meanwhile = approve
    tell(system, fleet, "approve", by="ann")
    view = system.fleet_until(fleet, lambda view: view["wave"] == 2 and view["needs"] is not None)
    assert (view["phase"], twice) == ("AwaitingApproval", [409])
    assert "prod" in view["message"]
    there = [*scale_sets[0], *scale_sets[1], *scale_sets[2]]
    assert images(system, there) == [NEW, NEW, OLD]


def test_a_pause_while_it_is_asked_holds_the_fleet_rollout(system: System, host: AskedHost) -> None:
    fleet, scale_sets = two_waves(system, wave_gate(host.says("/g", BUSY), timeout="PT5H"))
    system.fleet_until(fleet, lambda _: host.times("/g") == 2)
    assert tell(system, fleet, "pause", by="ann")["phase"] == "Paused"
    host.says("/g", YES)
    system.pass_minutes(120)
    assert (system.fleet(fleet)["phase"], host.times("/g")) == ("Paused", 2)
    assert images(system, scale_sets) == [NEW, OLD]
    tell(system, fleet, "resume", by="ann")
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"


@pytest.mark.by_day(2)
@pytest.mark.parametrize("verb", ["retry", "skip", "abort", "rollback"])
def test_what_could_not_be_told_in_time_is_asked_of_the_operator(
    system: System, host: AskedHost, verb: str
) -> None:
    unsure = wave_gate(host.says("/g", BUSY), timeout="PT5M", onUnknown="pause")
    fleet, scale_sets = two_waves(system, unsure)
    view = system.fleet_until(fleet, lambda view: view["phase"] == "Paused")
    assert view["verbs"] == ["retry", "skip", "abort", "rollback"]
    assert view["message"].startswith("Paused after wave 1 of 2 (canary): gate errors could not be")
    assert (view["needs"]["what"], view["waits"]["gate"]) == ("decision", "errors")
    assert "asked again" in view["consequences"]["retry"]
    assert view["gates"][0]["until"] == view["waits"]["until"]
    host.says("/g", YES)
    before = host.times("/g")
    tell(system, fleet, verb, by="ann")
    view = system.finish_fleet(fleet)
    ends = {"abort": "Aborted", "rollback": "RolledBack"}
    assert view["phase"] == ends.get(verb, "Succeeded"), view["message"]
    there = {"abort": [NEW, OLD], "rollback": [OLD, OLD]}
    assert images(system, scale_sets) == there.get(verb, [NEW, NEW])
    assert host.times("/g") - before == {"retry": 2, "skip": 1}.get(verb, 0)


def test_one_that_holds_nobody_is_noted(system: System, host: AskedHost) -> None:
    advisory = wave_gate(host.says("/a", NO), "advice", weight="advisory")
    dry = wave_gate(host.says("/d", NO), "dry", weight="dryRun")
    fleet, _ = two_waves(system, advisory, dry)
    assert system.finish_fleet(fleet)["phase"] == "Succeeded"
    notes = [event["message"] for event in logged(system, fleet, "gateNoted")]
    assert len(notes) == 4
    assert notes[1].endswith(
        "(dryRun, after wave 1 of 2 (canary)): with weight required, the fleet rollout would wait "
        "for it, or be stopped"
    )


def test_each_wave_may_have_gates_of_its_own(system: System, host: AskedHost) -> None:
    own = {"policy": {"gates": [wave_gate(host.says("/p", YES), "prod")]}}
    fleet, _ = two_waves(system, wave_gate(host.says("/g", YES)), prod=own)
    view = system.finish_fleet(fleet)
    assert (host.times("/g"), host.times("/p")) == (1, 1)
    assert [line["name"] for line in view["gates"]] == ["errors", "prod"]


def test_who_is_asked_about_a_wave_answers_when_they_know(system: System, host: AskedHost) -> None:
    fleet, _ = two_waves(system, called_back(f"{host.url}/q", "wave", timeout="PT9H"))
    system.fleet_until(fleet, lambda _: len(questions(host)) == 1)
    [question] = questions(host)
    shown = {name: question[name] for name in ("fleetRollout", "wave", "gate", "place")}
    assert shown == {
        "fleetRollout": fleet, "wave": "canary", "gate": "tests", "place": "wave"
    }  # fmt: skip
    assert {"scaleSet", "batch", "instanceIds", "rollout"}.isdisjoint(question)
    system.pass_minutes(100)
    assert reply(system, question, message="all 40 tests").status_code == 202
    assert reply(system, question, message="again").status_code == 409
    system.fleet_until(fleet, lambda _: len(questions(host)) == 2)
    assert reply(system, questions(host)[1], "fail", message="3 of 40").status_code == 202
    view = system.finish_fleet(fleet)
    assert (view["phase"], view["questions"]) == ("Failed", [])
    assert "answered fail: 3 of 40" in view["message"]
