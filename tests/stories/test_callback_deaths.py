"""The worker dies while a question is asked, or as its answer is heard: no answer is lost, and
nothing passes without one.
"""

from typing import Any

import pytest
from answering import AskedHost
from calling_back import asked, called_back, questions, reply
from gated import SMALL, policy
from story import System

from local.host.engine.deaths import Death, Moment

Json = dict[str, Any]


def begun(system: System, *gates: Json) -> str:
    return system.start(system.scale_set(**SMALL), policy=policy(*gates)).json()["id"]


@pytest.mark.parametrize("moment", [*Moment])
def test_a_question_whose_worker_dies_is_posted_again(
    system: System, host: AskedHost, moment: Moment
) -> None:
    death = Death("post_question", moment=moment)
    system.host.deaths.plan(death)
    rollout = begun(system, called_back(f"{host.url}/q", "start", timeout="PT1H"))
    question = asked(system, host, rollout, 1 if moment is Moment.BEFORE else 2)
    assert death in system.host.deaths.happened
    assert len({each["id"] for each in questions(host)}) == 1
    assert reply(system, question).status_code == 202
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.crossed
@pytest.mark.parametrize("place", ["start", "beforeBatch", "afterBatch", "end"])
@pytest.mark.parametrize(("verdict", "passed"), [("pass", True), ("fail", False)])
def test_an_answer_that_was_heard_by_nobody_counts(
    system: System, host: AskedHost, place: str, verdict: str, *, passed: bool
) -> None:
    gate = called_back(f"{host.url}/q", place, timeout="PT6H")
    rollout = begun(system, gate)
    question = asked(system, host, rollout, 1)
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    assert reply(system, question, verdict).status_code == 202
    assert death in system.host.deaths.happened
    again = reply(system, question, "pass")
    assert (again.status_code, again.json()["title"]) == (409, "Nobody listens at the moment")
    system.look_after()
    if passed and "Batch" in place:
        assert reply(system, asked(system, host, rollout, 2)).status_code == 202
    view = system.finish(rollout)
    assert (view["phase"] == "Succeeded") is passed, view["message"]
    assert len(questions(host)) == (2 if passed and "Batch" in place else 1)


def test_who_was_taken_up_and_has_yet_to_ask_anew_hears_nothing(
    system: System, host: AskedHost
) -> None:
    rollout = begun(system, called_back(f"{host.url}/q", "afterBatch", timeout="PT6H"))
    question = asked(system, host, rollout, 1)
    system.host.deaths.plan(Death("roll_out", rollout))
    system.api.post(f"/api/rollouts/{rollout}/pause")
    system.host.wait_idle()
    first_step = Death("read_lock", rollout)
    system.host.deaths.plan(first_step)
    system.pass_minutes(1)
    system.look_after()
    assert first_step in system.host.deaths.happened
    early = reply(system, question)
    assert (early.status_code, early.json()["title"]) == (409, "Nobody listens at the moment")


def test_a_question_that_was_open_when_it_broke_off_is_asked_anew(
    system: System, host: AskedHost
) -> None:
    rollout = begun(system, called_back(f"{host.url}/q", "afterBatch", timeout="PT6H"))
    first = asked(system, host, rollout, 1)
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    system.api.post(f"/api/rollouts/{rollout}/pause")
    system.host.wait_idle()
    assert death in system.host.deaths.happened
    system.pass_minutes(1)
    system.look_after()
    system.until(rollout, lambda view: view["phase"] == "Paused")
    system.api.post(f"/api/rollouts/{rollout}/resume")
    second = asked(system, host, rollout, 2)
    assert reply(system, first).status_code == 409
    assert reply(system, second).status_code == 202
    reply(system, asked(system, host, rollout, 3))
    assert system.finish(rollout)["phase"] == "Succeeded"
