"""Hooks that answer later, where time is short: at the deadline, in between, and at the end."""

from typing import Any

from answering import AskedHost
from calling_back import reply
from gated import SMALL
from hooked import (
    by_callback,
    calls,
    drain_and_back,
    hooked,
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
