"""Hooks that answer later, and put back: whatever happens to the rollout, and when."""

from typing import Any

import pytest
from answering import AskedHost
from calling_back import asked, reply
from gated import SMALL
from hooked import (
    BROKEN,
    DONE,
    answered_at_once,
    by_callback,
    calls,
    drain_and_back,
    drain_and_back_by_callback,
    hooked,
    logged,
    tell,
    told,
)
from story import NEW, System

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]

TWO = {"capacity": 2, "updateDomains": 1}


def begun(system: System, host: AskedHost, size: Json = SMALL, **fields: Any) -> str:
    """A rollout that drains at once, and is put back by who answers later."""
    hooks = [drain_and_back(host)[0], by_callback(host, "afterBatch", "back", timeout="PT1H")]
    return system.start(system.scale_set(**size), policy=hooked(*hooks, **fields)).json()["id"]


def last(host: AskedHost, path: str = "/back") -> Json:
    return calls(host, path)[-1].body


@pytest.mark.crossed
@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
@pytest.mark.parametrize("moment", ["draining", "batch", "warming up"])
def test_an_end_at_any_moment_puts_back_what_was_drained(
    system: System, host: AskedHost, verb: str, phase: str, moment: str
) -> None:
    hooks = drain_and_back_by_callback(host, timeout="PT6H")
    rollout = system.start(system.scale_set(**SMALL), policy=hooked(*hooks)).json()["id"]
    drain = asked(system, host, rollout, 1, "/drain")
    if moment != "draining":
        reply(system, drain)
        system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    if moment == "warming up":
        asked(system, host, rollout, 1, "/back")
    answered_at_once(host)
    tell(system, rollout, verb)
    if moment == "warming up":
        assert len(calls(host, "/back")) == 1, "who has the call is not called twice"
        assert reply(system, last(host)).status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    assert told(host, "/back")[-1] == told(host, "/drain")[-1]
    assert "may still be drained" not in view["message"]
    assert reply(system, drain).status_code == 410


def test_an_answer_counts_while_the_operator_is_asked(system: System, host: AskedHost) -> None:
    system.fault("badImage", version=NEW)
    rollout = begun(
        system, host, TWO, onFailure="pause", health={"timeout": "PT5M"},
        maxUnhealthyInstances="100%",
    )  # fmt: skip
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert logged(system, rollout, "putBack") == []
    system.pass_minutes(7)
    assert len(calls(host, "/back")) == 1, "who has the call is not called twice"
    assert reply(system, last(host)).status_code == 202
    assert len(logged(system, rollout, "putBack")) == 1
    view = system.view(rollout)
    assert (view["phase"], view["hooks"][1]["verdict"]) == ("Paused", "pass")
    assert reply(system, last(host)).status_code == 409
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"
    assert len(calls(host, "/back")) == 1


def test_a_question_about_it_is_over_once_it_answers(system: System, host: AskedHost) -> None:
    """It was not done in time, so the operator is asked; then it answers after all."""
    hooks = [drain_and_back(host)[0], by_callback(host, "afterBatch", "back", timeout="PT20M")]
    policy = hooked(*hooks, onFailure="pause")
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert "hook back was not done within 20 min" in view["message"]
    assert len(calls(host, "/back")) == 2, "called once more, before the operator is asked"
    assert calls(host, "/back")[0].body["id"] == last(host)["id"]
    assert reply(system, last(host)).status_code == 202
    answered_at_once(host)
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert told(host, "/back")[-1] == told(host, "/drain")[-1]


@pytest.mark.parametrize(("minutes", "ok"), [(9, True), (None, False)])
def test_the_end_gives_it_a_quarter_of_an_hour(
    system: System, host: AskedHost, minutes: int | None, *, ok: bool
) -> None:
    rollout = begun(system, host, TWO)
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    tell(system, rollout, "abort")
    system.until(rollout, lambda _: bool(calls(host, "/back")))
    if minutes:
        system.pass_minutes(minutes)
        assert system.view(rollout)["finishedAt"] is None
        assert reply(system, last(host)).status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "Aborted"
    assert len(calls(host, "/back")) == 1
    assert ("may still be drained" in view["message"]) is not ok
    assert len(logged(system, rollout, "putBack")) == ok
    assert len(logged(system, rollout, "notPutBack")) == (not ok)
    if not ok:
        assert "was asked, and has until" in view["message"]
        assert reply(system, last(host)).status_code == 410


def test_an_answer_about_fewer_instances_is_none_about_more(
    system: System, host: AskedHost
) -> None:
    """What is put back with the next batch is called for with it, under another id."""
    hooks = [
        drain_and_back(host)[0],
        by_callback(host, "afterBatch", "back", timeout="PT5M", action="goOn"),
    ]
    rollout = system.start(system.scale_set(**SMALL), policy=hooked(*hooks)).json()["id"]
    first = asked(system, host, rollout, 1, "/back")
    second = asked(system, host, rollout, 2, "/back")
    assert sorted(second["instanceIds"]) == ["0", "1", "2", "3"]
    assert second["id"] != first["id"]
    assert reply(system, first).status_code == 409
    assert reply(system, second).status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert "may still be drained" not in view["message"]


def test_another_drain_ends_what_was_asked_after_the_one_before(
    system: System, host: AskedHost
) -> None:
    rollout = begun(system, host)
    first = asked(system, host, rollout, 1, "/back")
    answered_at_once(host)
    tell(system, rollout, "rollback")
    system.until(rollout, lambda _: len(calls(host, "/drain")) == 2)
    late = reply(system, first)
    assert (late.status_code, late.json()["title"]) == (409, "The question is not asked any more")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert "may still be drained" not in view["message"]
    assert last(host)["id"] != first["id"]


def test_no_hook_holds_up_the_way_back(system: System, host: AskedHost) -> None:
    system.fault("badImage", version=NEW)
    drain, back = drain_and_back_by_callback(host, timeout="PT1H")
    policy = hooked(drain, back, health={"timeout": "PT5M"})
    scale_set = system.scale_set(**SMALL)
    rollout = system.start(scale_set, policy=policy).json()["id"]
    question = asked(system, host, rollout, 1, "/drain")
    reply(system, question)
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert "the way back waits for no hook" in logged(system, rollout, "hookNoted")[0]["message"]
    assert "hook back could not be told to put back 2 instance(s)" in view["message"].lower()
    rolled = [each.body for each in host.asked if each.body["rollingBack"]]
    assert rolled
    assert {reply(system, each).status_code for each in rolled} == {410}


@pytest.mark.crossed
@pytest.mark.parametrize("moment", [*Moment])
@pytest.mark.parametrize("nth", [1, 2], ids=["drain", "put back"])
def test_a_post_whose_worker_dies_is_repeated_with_the_same_id(
    system: System, host: AskedHost, moment: Moment, nth: int
) -> None:
    death = Death("post_question", nth=nth, moment=moment)
    system.host.deaths.plan(death)
    hooks, path = drain_and_back_by_callback(host), ["/drain", "/back"][nth - 1]
    rollout = system.start(system.scale_set(**SMALL), policy=hooked(*hooks)).json()["id"]
    if nth == 2:
        reply(system, asked(system, host, rollout, 1, "/drain"))
    question = asked(system, host, rollout, 1 if moment is Moment.BEFORE else 2, path)
    assert death in system.host.deaths.happened
    assert len({each.body["id"] for each in calls(host, path)}) == 1
    assert len({each.body["question"] for each in calls(host, path)}) == 1
    answered_at_once(host)
    assert reply(system, calls(host, path)[0].body).status_code == 202, "either address leads to it"
    assert reply(system, question).status_code == 409
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert len({each.body["id"] for each in host.asked}) == 4


@pytest.mark.parametrize("moment", ["draining", "warming up"])
def test_a_rollout_that_broke_off_puts_back_and_goes_on(
    system: System, host: AskedHost, moment: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    hooks = drain_and_back_by_callback(host, timeout="PT6H")
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    question = asked(system, host, rollout, 1, "/drain")
    if moment == "warming up":
        reply(system, question)
        question = asked(system, host, rollout, 1, "/back")
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    system.api.post(f"/api/rollouts/{rollout}/pause")
    system.host.wait_idle()
    assert death in system.host.deaths.happened
    assert reply(system, question).json()["title"] == "Nobody listens at the moment"
    answered_at_once(host)
    system.look_after()
    tell(system, rollout, "resume")
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    again = calls(host, "/back")[1 if moment == "warming up" else 0].body
    assert told(host, "/back")[0] == told(host, "/drain")[0]
    if moment == "warming up":
        assert again["id"] == question["id"], "a repetition can be seen"
    assert [each["upgrades"] for each in system.truth(scale_set)["instances"]] == [1] * 4


@pytest.mark.parametrize("moment", ["draining", "warming up"])
def test_an_answer_that_nobody_lived_to_count_counts_for_the_same_call_alone(
    system: System, host: AskedHost, moment: str
) -> None:
    """A drain is begun anew, so its old answer means nothing; what was put back, is."""
    hooks = drain_and_back_by_callback(host, timeout="PT6H")
    rollout = system.start(system.scale_set(**SMALL), policy=hooked(*hooks)).json()["id"]
    question = asked(system, host, rollout, 1, "/drain")
    if moment == "warming up":
        reply(system, question)
        question = asked(system, host, rollout, 1, "/back")
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    assert reply(system, question).status_code == 202
    assert death in system.host.deaths.happened
    before = len(host.asked)
    answered_at_once(host)
    system.look_after()
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    later = [each.path for each in host.asked[before:]]
    assert later == (["/back"] if moment == "draining" else []) + ["/drain", "/back"] * (
        2 if moment == "draining" else 1
    )


@pytest.mark.parametrize("post", [DONE, BROKEN], ids=["taken", "broken"])
def test_the_watch_tells_it_once_and_says_that_nobody_hears_the_answer(
    system: System, host: AskedHost, post: tuple[int, str]
) -> None:
    rollout = begun(system, host, TWO)
    first = asked(system, host, rollout, 1, "/back")
    host.says("/back", post)
    uri = system.managed(rollout, "terminatePostUri").replace("{text}", "wrong")
    assert system.api.post(uri).status_code == 202
    for _ in range(2):
        system.look_after()
        with system.host.skipping():
            system.host.wait_idle()
    again = calls(host, "/back")[1:]
    assert len(again) == (1 if post is DONE else 3)
    assert {each.body["id"] for each in again} == {first["id"]}
    [left] = logged(system, rollout, "notPutBack")
    says = "see for yourself that they are back" if post is DONE else "They may still be drained"
    assert says in left["message"]
    assert logged(system, rollout, "putBack") == []
    late = reply(system, again[0].body)
    assert (late.status_code, late.json()["title"]) == (410, "Too late")
    assert system.start(system.scale_set(**TWO)).status_code == 202
