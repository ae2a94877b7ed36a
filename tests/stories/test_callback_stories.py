"""Gates that are answered later, at an address of the app's."""

from typing import Any

import pytest
from answering import AskedHost
from calling_back import asked, begun, called_back, questions, reply
from gated import SMALL, policy
from story import NEW, System

Json = dict[str, Any]
PLACES = ["start", "beforeBatch", "afterBatch", "end"]


def said(system: System, rollout: str, kind: str) -> list[Json]:
    return [event for event in system.events(rollout) if event["kind"] == kind]


@pytest.mark.parametrize("place", PLACES)
def test_who_is_asked_answers_when_they_know(system: System, host: AskedHost, place: str) -> None:
    times = 2 if "Batch" in place else 1
    gate = called_back(f"{host.url}/q", place, timeout="PT2H")
    rollout, scale_set = begun(system, gate)
    for number in range(1, times + 1):
        question = asked(system, host, rollout, number)
        system.pass_minutes(3)
        view = system.view(rollout)
        assert view["gates"][0]["verdict"] == "notYet"
        assert "/q was asked, and has until " in view["gates"][0]["message"]
        assert len(questions(host)) == number  # nobody asks twice
        assert reply(system, question, message="all 12 tests").status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], view["questions"]) == ("Succeeded", []), view["message"]
    assert view["gates"][0]["message"].endswith("/q answered pass: all 12 tests")
    assert system.truth(scale_set)["violations"] == []


def test_the_question_says_what_it_is_about(system: System, host: AskedHost) -> None:
    check = {"body": {"suite": "smoke"}, "headers": {"X-Team": "web"}}
    rollout, scale_set = begun(system, called_back(f"{host.url}/q", check=check))
    question = asked(system, host, rollout, 1)
    callback = question.pop("callback")
    assert callback.startswith(f"{system.host.url}/api/callbacks/")
    assert question.pop("id") == system.view(rollout)["questions"][0]["id"]
    assert question.pop("expires") > system.clock.now().isoformat()
    assert question == {
        "rollout": rollout,
        "scaleSet": scale_set,
        "gate": "tests",
        "place": "afterBatch",
        "batch": 1,
        "instanceIds": ["0", "2"],
        "body": {"suite": "smoke"},
    }
    assert host.asked[-1].headers["x-team"] == "web"


def test_a_failure_is_a_failed_batch(system: System, host: AskedHost) -> None:
    rollout, scale_set = begun(system, called_back(f"{host.url}/q"))
    question = asked(system, host, rollout, 1)
    answer = reply(system, question, "fail", message="3 of 12 tests", evidence={"failed": 3})
    assert answer.status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack"
    [event] = said(system, rollout, "gateFailed")
    assert event["message"].startswith("Gate tests has failed: 127.0.0.1/q answered fail: 3 of 12")
    assert event["evidence"]["answers"]["evidence"] == {"failed": 3}
    assert event["evidence"]["answers"]["asked"] == 1
    assert all(each["image"] != NEW for each in system.truth(scale_set)["instances"])


@pytest.mark.parametrize(("unsure", "phase"), [("fail", "RolledBack"), ("pause", "Paused")])
def test_no_answer_in_time_is_no_pass(
    system: System, host: AskedHost, unsure: str, phase: str
) -> None:
    gate = called_back(f"{host.url}/q", timeout="PT1H", onUnknown=unsure)
    rollout, _ = begun(system, gate)
    question = asked(system, host, rollout, 1)
    if phase == "Paused":
        view = system.until(rollout, lambda view: view["phase"] == "Paused")
        assert "gate tests could not be told within 1 h" in view["message"]
        assert reply(system, question).status_code == 409
        system.api.post(f"/api/rollouts/{rollout}/retry")
        again = asked(system, host, rollout, 2)
        assert again["id"] != question["id"]
        assert reply(system, question).status_code == 409
        assert reply(system, again).status_code == 202
        reply(system, asked(system, host, rollout, 3))
    assert system.finish(rollout)["phase"] == ("Succeeded" if phase == "Paused" else phase)
    late = reply(system, question)
    assert (late.status_code, late.json()["title"]) == (410, "Too late")
    assert rollout not in late.text
    assert len(questions(host)) == (3 if phase == "Paused" else 1)


def test_on_the_way_back_nobody_waits_for_an_answer(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", timeout="PT6H"))
    question = asked(system, host, rollout, 1)
    system.api.post(f"/api/rollouts/{rollout}/rollback")
    view = system.until(rollout, lambda view: view["phase"] == "RollingBack")
    assert view["questions"] == []
    late = reply(system, question)
    assert (late.status_code, late.json()["title"]) == (409, "The question is not asked any more")
    assert system.finish(rollout)["phase"] == "RolledBack"


def test_only_the_first_answer_counts(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start"))
    question = asked(system, host, rollout, 1)
    assert reply(system, question, "pass").status_code == 202
    twice = reply(system, question, "fail")
    assert (twice.status_code, rollout in twice.text) == (409, False)
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_an_answer_for_another_batch_counts_for_none(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "beforeBatch", timeout="PT1H"))
    first = asked(system, host, rollout, 1)
    reply(system, first)
    asked(system, host, rollout, 2)
    assert reply(system, first).status_code == 409
    assert system.view(rollout)["gates"][0]["verdict"] == "notYet"
    assert system.finish(rollout)["phase"] == "RolledBack"


def test_look_again_asks_anew_at_that_time(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start", timeout="PT6H"))
    first = asked(system, host, rollout, 1)
    at = system.clock.now().replace(microsecond=0)
    at = at.replace(hour=(at.hour + 2) % 24) if at.hour < 22 else at
    assert reply(system, first, "lookAgain", at=at.isoformat(), message="busy").status_code == 202
    view = system.view(rollout)
    assert (view["gates"][0]["verdict"], view["questions"]) == ("notYet", [])
    second = asked(system, host, rollout, 2)
    assert system.clock.now() >= at
    assert second["callback"] != first["callback"]
    assert reply(system, first).status_code == 409
    assert reply(system, second).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_passes_in_a_row_are_questions_in_a_row(system: System, host: AskedHost) -> None:
    gate = called_back(f"{host.url}/q", "start", passes=2, failures=1, interval="PT5M")
    rollout, _ = begun(system, {**gate, "timeout": "PT2H"})
    for number, verdict in enumerate(["pass", "fail", "pass", "pass"], start=1):
        question = asked(system, host, rollout, number)
        assert reply(system, question, verdict).status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], len(questions(host))) == ("Succeeded", 4)


@pytest.mark.crossed
@pytest.mark.parametrize("weight", ["advisory", "dryRun"])
@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_who_holds_nobody_is_noted_when_they_answer(
    system: System, host: AskedHost, weight: str, verdict: str
) -> None:
    gate = called_back(f"{host.url}/q", "start", weight=weight)
    rollout, _ = begun(system, gate, approval="everyBatch", onFailure="pause")
    view = system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    assert view["gates"][0]["verdict"] == "notYet"
    question = questions(host)[0]
    assert reply(system, question, verdict, message="well").status_code == 202
    assert reply(system, question, verdict).status_code == 409
    noted = said(system, rollout, "gateNoted")
    assert noted[-1]["message"].startswith(
        f"Gate tests: 127.0.0.1/q answered {verdict}: well ({weight}, at the start)"
    )
    would = "with weight required, the rollout would wait for it, or be paused"
    assert (would in noted[-1]["message"]) == (weight == "dryRun" and verdict == "fail")
    assert system.view(rollout)["gates"][0]["verdict"] == verdict
    system.api.post(f"/api/rollouts/{rollout}/abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_an_answer_may_come_before_the_post_is_answered(system: System, host: AskedHost) -> None:
    """Also where nobody waits for it."""
    codes: list[int] = []

    def answer_at_once() -> None:
        codes.append(system.api.post(host.asked[-1].body["callback"], json=PASS).status_code)

    scale_set = system.scale_set(**SMALL)
    for weight in ("required", "advisory"):
        host.meanwhile = answer_at_once
        gate = called_back(f"{host.url}/q", "start", weight=weight)
        view = system.run(scale_set, policy=policy(gate), image={"version": NEW})
        assert (view["phase"], view["gates"][0]["verdict"]) == ("Succeeded", "pass")
    assert codes[0] == 202


PASS = {"verdict": "pass"}


def test_who_cannot_be_reached_is_asked_the_same_again(system: System, host: AskedHost) -> None:
    host.says("/q", (503, "busy"), (503, "busy"), (200, "fine"))
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start"))
    system.until(rollout, lambda _: len(questions(host)) == 1)
    line = system.view(rollout)["gates"][0]
    assert line["verdict"] == "unknown"
    assert line["message"] == "127.0.0.1/q could not be asked: it answered 503"
    last = asked(system, host, rollout, 3)
    assert len({each["id"] for each in questions(host)}) == 1
    assert reply(system, questions(host)[0]).status_code == 202
    assert reply(system, last).status_code == 409
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_after_a_pause_it_is_asked_anew(system: System, host: AskedHost) -> None:
    rollout, _ = begun(system, called_back(f"{host.url}/q", "start", timeout="PT6H"))
    first = asked(system, host, rollout, 1)
    system.api.post(f"/api/rollouts/{rollout}/pause")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert reply(system, first).status_code == 409
    system.api.post(f"/api/rollouts/{rollout}/resume")
    second = asked(system, host, rollout, 2)
    assert reply(system, second).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"
