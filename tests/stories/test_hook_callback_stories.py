"""Hooks that answer later, at an address of the app's."""

from datetime import timedelta
from typing import Any

import pytest
from answering import AskedHost
from calling_back import asked, reply
from gated import SMALL
from hooked import (
    BROKEN,
    by_callback,
    calls,
    drain_and_back,
    drain_and_back_by_callback,
    hook,
    hooked,
    logged,
    tell,
    told,
)
from story import NEW, System

type Json = dict[str, Any]

TWO = {"capacity": 2, "updateDomains": 1}


def begun(system: System, *hooks: Json, **fields: Any) -> tuple[str, str]:
    """A rollout with these hooks, and its scale set."""
    scale_set = system.scale_set(**SMALL)
    answer = system.start(scale_set, policy=hooked(*hooks, **fields))
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], scale_set


def test_a_batch_waits_until_who_drains_it_says_so(system: System, host: AskedHost) -> None:
    rollout, scale_set = begun(system, *drain_and_back_by_callback(host, timeout="PT2H"))
    for number in (1, 2):
        drain = asked(system, host, rollout, number, "/drain")
        system.pass_minutes(30)
        view = system.view(rollout)
        assert view["counts"]["done"] == 2 * (number - 1)
        assert view["hooks"][0]["verdict"] == "notYet"
        assert "/drain was asked, and has until " in view["hooks"][0]["message"]
        assert len(calls(host, "/drain")) == number, "nobody is called twice"
        assert reply(system, drain, message="connections: 0").status_code == 202
        back = asked(system, host, rollout, number, "/back")
        assert {each["state"] for each in back["instances"]} == {"done"}
        assert reply(system, back).status_code == 202
    view = system.finish(rollout)
    assert (view["phase"], view["questions"]) == ("Succeeded", []), view["message"]
    assert view["hooks"][0]["message"].endswith("/drain answered pass: connections: 0")
    assert told(host, "/back") == told(host, "/drain")
    assert len(logged(system, rollout, "drained")) == len(logged(system, rollout, "putBack")) == 2
    assert system.truth(scale_set)["violations"] == []


def test_what_is_posted_is_what_http_is_told_and_an_address(
    system: System, host: AskedHost
) -> None:
    call = {"body": {"pool": "web"}, "headers": {"X-Team": "web", "Idempotency-Key": "mine"}}
    rollout, scale_set = begun(system, by_callback(host, call=call))
    question = asked(system, host, rollout, 1, "/drain")
    name = scale_set.rpartition("/")[2]
    assert question.pop("callback").startswith(f"{system.host.url}/api/callbacks/")
    assert question.pop("expires") > system.clock.now().isoformat()
    assert question.pop("question") == system.view(rollout)["questions"][0]["id"]
    assert question == {
        "id": host.asked[0].headers["idempotency-key"],
        "hook": "drain",
        "place": "beforeBatch",
        "attempt": 1,
        "rollout": rollout,
        "scaleSet": scale_set,
        "batch": 1,
        "batches": 2,
        "rollingBack": False,
        "instanceIds": ["0", "2"],
        "instances": [
            {
                "id": each,
                "name": f"{name}_{each}",
                "computerName": f"{name[:9]}00000{each}",
                "state": "pending",
            }
            for each in ("0", "2")
        ],
        "body": {"pool": "web"},
    }
    assert host.asked[0].headers["x-team"] == "web"
    assert host.asked[0].headers["idempotency-key"] != "mine"


@pytest.mark.parametrize(
    ("says", "fields", "phase"),
    [
        ("fail", {}, "RolledBack"),
        ("fail", {"onFailure": "stop"}, "Failed"),
        (None, {}, "RolledBack"),
        (None, {"onFailure": "stop"}, "Failed"),
    ],
)
def test_a_drain_that_fails_or_is_not_done_in_time(
    system: System, host: AskedHost, says: str | None, fields: Json, phase: str
) -> None:
    hooks = [by_callback(host, timeout="PT20M"), drain_and_back(host)[1]]
    rollout, scale_set = begun(system, *hooks, **fields)
    question = asked(system, host, rollout, 1, "/drain")
    if says:
        assert reply(system, question, says, message="pool is locked").status_code == 202
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    [failed] = logged(system, rollout, "hookFailed")
    why = "refused: 127.0.0.1/drain answered fail: pool is locked" if says else "was not done"
    assert f"Hook drain {why}" in failed["message"]
    assert sum(each["upgrades"] for each in system.truth(scale_set)["instances"]) == 0
    assert told(host, "/back") == told(host, "/drain")
    assert len(calls(host, "/drain")) == 1
    assert reply(system, question).status_code == 410


def test_who_may_fail_is_noted_and_its_answer_is_too_late(system: System, host: AskedHost) -> None:
    drain = by_callback(host, timeout="PT20M", action="goOn")
    rollout, _ = begun(system, drain)
    question = asked(system, host, rollout, 1, "/drain")
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    late = reply(system, question)
    assert (late.status_code, late.json()["title"]) == (409, "The question is not asked any more")
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert len(logged(system, rollout, "hookNoted")) == 2


def test_look_again_calls_it_again_at_that_time_with_the_same_id(
    system: System, host: AskedHost
) -> None:
    rollout, _ = begun(system, by_callback(host, timeout="PT6H"))
    first = asked(system, host, rollout, 1, "/drain")
    at = system.clock.now().replace(microsecond=0) + timedelta(hours=2)
    assert reply(system, first, "lookAgain", at=at.isoformat()).status_code == 202
    assert system.view(rollout)["questions"] == []
    second = asked(system, host, rollout, 2, "/drain")
    assert system.clock.now() >= at
    assert (second["id"], second["attempt"]) == (first["id"], 2)
    assert second["callback"] != first["callback"]
    assert reply(system, first).status_code == 409
    assert reply(system, second).status_code == 202
    reply(system, asked(system, host, rollout, 3, "/drain"))
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_post_that_fails_is_repeated_with_the_same_id(system: System, host: AskedHost) -> None:
    host.says("/drain", BROKEN, BROKEN, (202, "well"))
    rollout, _ = begun(system, by_callback(host))
    system.until(rollout, lambda _: len(calls(host, "/drain")) == 1)
    line = system.view(rollout)["hooks"][0]
    assert line["message"] == "127.0.0.1/drain could not be asked: it answered 500"
    last = asked(system, host, rollout, 3, "/drain")
    system.pass_minutes(5)
    assert [each.body["attempt"] for each in calls(host, "/drain")] == [1, 2, 3]
    assert len({each.headers["idempotency-key"] for each in calls(host, "/drain")}) == 1
    assert reply(system, last).status_code == 202
    reply(system, asked(system, host, rollout, 4, "/drain"))
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_the_first_answer_counts_and_only_for_its_batch(system: System, host: AskedHost) -> None:
    rollout, scale_set = begun(system, by_callback(host, timeout="PT30M"))
    first = asked(system, host, rollout, 1, "/drain")
    forged = {**first, "callback": first["callback"][:-4]}
    assert reply(system, forged).status_code == 404
    assert reply(system, first).status_code == 202
    assert reply(system, first, "fail").status_code == 409
    second = asked(system, host, rollout, 2, "/drain")
    assert second["id"] != first["id"]
    assert reply(system, first).status_code == 409
    assert system.finish(rollout)["phase"] == "RolledBack", "nobody answered the second"
    assert all(each["image"] != NEW for each in system.truth(scale_set)["instances"])


def test_an_answer_may_come_before_the_post_is_answered(system: System, host: AskedHost) -> None:
    host.says_back = {"verdict": "pass"}
    view = system.run(system.scale_set(**SMALL), policy=hooked(*drain_and_back_by_callback(host)))
    assert view["phase"] == "Succeeded", view["message"]
    assert [each.path for each in host.asked] == ["/drain", "/back"] * 2


def test_both_kinds_take_turns(system: System, host: AskedHost) -> None:
    hooks = [by_callback(host, name="first"), hook(f"{host.url}/second", name="second")]
    rollout, _ = begun(system, *hooks)
    question = asked(system, host, rollout, 1, "/first")
    system.pass_minutes(3)
    assert not calls(host, "/second")
    reply(system, question)
    reply(system, asked(system, host, rollout, 2, "/first"))
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert [each.path for each in host.asked] == ["/first", "/second"] * 2


def test_a_pause_while_it_drains_withdraws_the_call(system: System, host: AskedHost) -> None:
    hooks = [by_callback(host, timeout="PT6H"), drain_and_back(host)[1]]
    rollout, _ = begun(system, *hooks)
    first = asked(system, host, rollout, 1, "/drain")
    tell(system, rollout, "pause")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert told(host, "/back") == told(host, "/drain")
    assert reply(system, first).status_code == 409
    tell(system, rollout, "resume")
    second = asked(system, host, rollout, 2, "/drain")
    assert second["id"] != first["id"]
    assert reply(system, first).status_code == 409
    reply(system, second)
    reply(system, asked(system, host, rollout, 3, "/drain"))
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_an_app_that_does_not_know_where_it_is_is_refused(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBSITE_HOSTNAME")
    body = {"scaleSet": system.scale_set(**SMALL), "image": {"version": NEW}}
    for path in ("/api/rollouts", "/api/rollouts/plan"):
        answer = system.api.post(path, json={**body, "policy": hooked(by_callback(host))})
        [error] = answer.json()["errors"]
        assert error["path"] == "policy.hooks[0].call.kind"
        assert "set the app setting ROLLOUT_ADDRESS to it" in error["message"]


def test_a_plan_says_that_it_answers_later_and_calls_nobody(
    system: System, host: AskedHost
) -> None:
    plan = system.plan(system.scale_set(**SMALL), policy=hooked(by_callback(host)))
    assert plan["hooks"][0]["kind"] == "callback"
    assert plan["hooks"][0]["message"] == (
        "would be called before each of 2 batches, for at most 10 min: POST 127.0.0.1/drain, "
        "which answers later"
    )
    assert host.asked == []
    wrong = by_callback(host, call={"url": "http://169.254.169.254/x", "key": {"secret": "NONE"}})
    body = {"scaleSet": system.scale_set(**SMALL), "image": {"version": NEW}}
    answer = system.api.post("/api/rollouts/plan", json={**body, "policy": hooked(wrong)})
    paths = [error["path"] for error in answer.json()["errors"]]
    assert paths == ["policy.hooks[0].call.key", "policy.hooks[0].call.url"]
