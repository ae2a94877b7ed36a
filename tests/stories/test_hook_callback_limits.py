"""Hooks that answer later, where time is short: at the deadline, in between, and at the end."""

from datetime import timedelta
from typing import Any

from answering import AskedHost
from calling_back import reply
from gated import SMALL
from hooked import (
    answered_at_once,
    by_callback,
    calls,
    drain_and_back,
    hooked,
    logged,
    tell,
    told,
)
from story import System

type Json = dict[str, Any]

TWO = {"capacity": 2, "updateDomains": 1}


def test_nothing_is_drained_once_the_deadline_has_passed(system: System, host: AskedHost) -> None:
    policy = hooked(*drain_and_back(host), deadline="PT2H", pauseBetweenBatches="PT3H")
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    view = system.finish(rollout)
    assert view["phase"] == "Failed", view["message"]
    assert "the deadline of" in view["message"]
    assert len(told(host, "/drain")) == len(told(host, "/back")) == 1


def last(host: AskedHost, path: str = "/back") -> Json:
    return calls(host, path)[-1].body


def ending(system: System, host: AskedHost, *backs: Json) -> str:
    """A rollout that was aborted during its first batch, and has called those who put it back."""
    policy = hooked(drain_and_back(host)[0], *backs)
    rollout = system.start(system.scale_set(**TWO), policy=policy).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    tell(system, rollout, "abort")
    system.until(rollout, lambda _: all(calls(host, f"/{each['name']}") for each in backs))
    return rollout


def after_batch(host: AskedHost, name: str, timeout: str = "PT1H") -> Json:
    return by_callback(host, "afterBatch", name, timeout=timeout)


def test_whose_time_is_over_ends_the_wait_for_nobody_else(system: System, host: AskedHost) -> None:
    rollout = ending(system, host, after_batch(host, "quick", "PT5M"), after_batch(host, "back"))
    system.pass_minutes(9)
    assert system.view(rollout)["finishedAt"] is None, "back has a quarter of an hour"
    assert reply(system, last(host)).status_code == 202
    view = system.finish(rollout)
    assert "Hook quick could not be told" in view["message"]
    assert view["questions"] == [], "nobody would count an answer any more"
    assert len(calls(host, "/quick")) == len(calls(host, "/back")) == 1


def test_who_says_when_to_call_again_is_called_then_and_not_before(
    system: System, host: AskedHost
) -> None:
    rollout = ending(system, host, after_batch(host, "back"))
    at = system.clock.now() + timedelta(minutes=6)
    assert reply(system, last(host), "lookAgain", at=at.isoformat()).status_code == 202
    system.pass_minutes(5)
    assert len(calls(host, "/back")) == 1
    system.pass_minutes(2)
    assert len(calls(host, "/back")) == 2
    assert len({each.body["id"] for each in calls(host, "/back")}) == 1
    assert reply(system, last(host)).status_code == 202
    view = system.finish(rollout)
    assert "may still be drained" not in view["message"]
    assert len(logged(system, rollout, "putBack")) == 1


def test_who_says_at_once_that_it_is_to_be_called_again_is_called_again(
    system: System, host: AskedHost
) -> None:
    """Each time when it is called: no answer is left that anybody would wait for."""
    host.says_back = lambda path: {"verdict": "fail"} if path == "/back" else None
    rollout = ending(system, host, after_batch(host, "back"))
    system.pass_minutes(8)
    assert system.view(rollout)["finishedAt"] is None
    before = len(calls(host, "/back"))
    answered_at_once(host)
    view = system.finish(rollout)
    assert len(calls(host, "/back")) == before + 1 <= 9, "with pauses in between"
    assert "may still be drained" not in view["message"]


def test_who_fails_to_the_end_is_given_up(system: System, host: AskedHost) -> None:
    host.says_back = lambda path: {"verdict": "fail"} if path == "/back" else None
    rollout = ending(system, host, after_batch(host, "back"))
    view = system.finish(rollout)
    assert "may still be drained" in view["message"]
    assert len(calls(host, "/back")) <= 12
