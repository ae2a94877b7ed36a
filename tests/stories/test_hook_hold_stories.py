"""Hooks and what holds a rollout up: windows, a stopped line, pauses; in whatever generation."""

from datetime import timedelta
from typing import Any

from answering import NO, YES, AskedHost
from gated import SMALL, gate
from generations import generation
from hooked import (
    BROKEN,
    DONE,
    REFUSES,
    calls,
    drain_and_back,
    hooked,
    logged,
    still_drained,
    tell,
)
from line import lift, stop
from story import NEW, System
from windows import HOUR, freeze

type Json = dict[str, Any]

TWO = {"capacity": 2, "updateDomains": 1}
LONG = [*[BROKEN] * 30, DONE]
"""More answers than one generation hears."""
UNTIL_IT_FREEZES = timedelta(hours=2, minutes=45)
"""A batch and its hooks fit if it begins within the next half hour, and are through by then."""


def slow(system: System, host: AskedHost, **fields: Any) -> Json:
    """Batches whose drain may take two hours, shortly before a freeze."""
    drain, back = drain_and_back(host)
    hooks = [{**drain, "timeout": "PT2H"}, back]
    held = {"freezes": [freeze(system, UNTIL_IT_FREEZES, 5 * HOUR)], "health": {"timeout": "PT5M"}}
    return hooked(*hooks, maxUnhealthyInstances="100%", **held, **fields)


def waits_for_a_window(system: System, rollout: str) -> list[str]:
    said = [each["message"] for each in logged(system, rollout, "waiting")]
    return [message for message in said if message.startswith("Nothing begins")]


def test_a_drain_goes_on_in_another_generation_although_no_batch_could_begin_now(
    system: System, host: AskedHost
) -> None:
    host.says("/drain", *LONG)
    rollout = system.start(system.scale_set(**TWO), policy=slow(system, host)).json()["id"]
    system.until(rollout, lambda _: host.answered[-1:] == [200])
    assert generation(system, rollout) > 1
    assert not waits_for_a_window(system, rollout)
    assert len({each.headers["idempotency-key"] for each in calls(host, "/drain")}) == 1
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    [message] = waits_for_a_window(system, rollout)
    assert "(likely 2 h 12 min)" in message, "with its hooks"
    assert still_drained(host) == set()


def test_so_does_the_drain_of_a_retry(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**TWO)
    system.fault("badImage", version=NEW)
    asked = slow(system, host, onFailure="pause")
    rollout = system.start(scale_set, policy=asked).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    before = generation(system, rollout)
    host.forget()
    host.says("/drain", *LONG)
    tell(system, rollout, "retry")
    system.until(rollout, lambda _: host.answered[-1:] == [200])
    assert generation(system, rollout) > before
    assert not waits_for_a_window(system, rollout)
    tell(system, rollout, "abort")
    system.finish(rollout)
    assert still_drained(host) == set()


def test_nothing_is_drained_while_the_line_is_stopped(system: System, host: AskedHost) -> None:
    policy = hooked(*drain_and_back(host))
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    system.until(rollout, lambda view: view["message"].startswith("Nothing begins: the line"))
    assert len(calls(host, "/drain")) == 1
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert len(calls(host, "/drain")) == 2


def test_what_stays_drained_while_the_line_is_stopped_is_tried_again_and_again(
    system: System, host: AskedHost
) -> None:
    """The line was stopped between the drain and the batch."""
    host.says("/back", BROKEN)
    host.meanwhile = lambda: stop(system)
    policy = hooked(*drain_and_back(host))
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    system.until(rollout, lambda view: view["message"].startswith("Nothing begins: the line"))
    system.pass_minutes(25)
    assert still_drained(host)
    host.says("/back", DONE)
    system.pass_minutes(25)
    assert still_drained(host) == set()
    lift(system)
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_what_is_no_decision_leaves_a_question_about_a_hook_as_it_is(
    system: System, host: AskedHost
) -> None:
    """Although by then no batch could begin, and nobody would be asked before the next day."""
    host.says("/drain", REFUSES, DONE)
    policy = slow(system, host, onFailure="pause")
    rollout = system.start(system.scale_set(**TWO), policy=policy).json()["id"]
    asked = system.until(rollout, lambda view: view["phase"] == "Paused")
    system.pass_minutes(40)
    path = f"/runtime/webhooks/durabletask/instances/{rollout}/raiseEvent/command"
    assert system.api.post(path, json={"verb": "pause", "by": "eve"}).status_code == 202
    system.host.wait_idle()
    view = system.view(rollout)
    assert (view["phase"], view["message"]) == ("Paused", asked["message"])
    assert view["waits"] == asked["waits"]
    tell(system, rollout, "skip")
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_who_pauses_a_retry_that_drains_is_asked_once_more_with_the_full_time(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**TWO)
    system.fault("badImage", version=NEW)
    short = {"onFailure": "pause", "decisionTimeout": "PT30M", "maxUnhealthyInstances": "100%"}
    policy = hooked(*drain_and_back(host, timeout="PT6H"), **short, health={"timeout": "PT5M"})
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "Paused")
    host.says("/drain", BROKEN)
    tell(system, rollout, "retry")
    system.pass_minutes(45)
    tell(system, rollout, "pause")
    system.pass_minutes(5)
    view = system.view(rollout)
    assert view["phase"] == "Paused", view["message"]
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"
    assert still_drained(host) == set()


def drained_and_paused(system: System, host: AskedHost) -> tuple[str, Json]:
    """A rollout that is paused by a failure, and could not put back what it had drained."""
    host.says("/back", BROKEN)
    system.fault("badImage", version=NEW)
    short = {"onFailure": "pause", "maxUnhealthyInstances": "100%", "health": {"timeout": "PT5M"}}
    policy = hooked(*drain_and_back(host), **short)
    rollout = system.start(system.scale_set(**TWO), policy=policy).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert still_drained(host)
    return rollout, view


def test_what_could_not_be_put_back_is_tried_again_while_it_waits_for_people(
    system: System, host: AskedHost
) -> None:
    rollout, before = drained_and_paused(system, host)
    host.says("/back", DONE)
    system.pass_minutes(12)
    assert still_drained(host) == set()
    after = system.view(rollout)
    assert (after["phase"], after["message"]) == ("Paused", before["message"])
    assert logged(system, rollout, "hookNoted") == []
    tell(system, rollout, "abort")
    assert system.finish(rollout)["phase"] == "Aborted"


def test_what_stays_drained_while_it_waits_for_people_is_said_once(
    system: System, host: AskedHost
) -> None:
    rollout, _ = drained_and_paused(system, host)
    system.pass_minutes(45)
    [noted] = logged(system, rollout, "hookNoted")
    assert noted["message"].startswith("Hook back could not yet be told to put back 1 instance(s)")
    tell(system, rollout, "abort")
    assert "may still be drained" in system.finish(rollout)["message"]


def test_a_question_about_a_hook_that_has_put_back_meanwhile_is_not_asked(
    system: System, host: AskedHost
) -> None:
    host.says("/back", *[BROKEN] * 4, DONE)
    drain, back = drain_and_back(host)
    policy = hooked(drain, {**back, "timeout": "PT1M"}, onFailure="pause")
    rollout = system.start(system.scale_set(**SMALL), policy=policy).json()["id"]
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert len(logged(system, rollout, "hookFailed")) == 1
    assert still_drained(host) == set()


def test_gates_are_asked_anew_after_a_pause_that_was_over_when_all_was_put_back(
    system: System, host: AskedHost
) -> None:
    host.says("/drain", BROKEN)
    asked = gate(host.says("/g", YES), "beforeBatch")
    hooks = drain_and_back(host, timeout="PT6H")
    policy = hooked(*hooks, gates=[asked])
    scale_set = system.scale_set(**SMALL)
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda _: len(calls(host, "/drain")) == 3)
    assert host.times("/g") == 1
    host.says("/g", NO)
    said = {"by": "ann"}
    host.meanwhile = lambda: system.api.post(f"/api/rollouts/{rollout}/resume", json=said)
    tell(system, rollout, "pause")
    assert calls(host, "/back")
    host.says("/drain", DONE)
    system.finish(rollout)
    assert [each["upgrades"] for each in system.truth(scale_set)["instances"]] == [0] * 4
