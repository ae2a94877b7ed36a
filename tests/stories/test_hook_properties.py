"""Whatever happens to a rollout with hooks: each instance that was drained is put back."""

from typing import Any, NamedTuple

from answering import AskedHost
from gated import SMALL
from hooked import (
    BROKEN,
    DONE,
    REFUSES,
    drain_and_back,
    drain_and_back_by_callback,
    hooked,
    still_drained,
    still_drained_by_callback,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nightly import NIGHTLY
from story import System

from local.host.engine.deaths import Death, Moment

type Json = dict[str, Any]

ANSWERS = st.lists(st.sampled_from([DONE, DONE, BROKEN, REFUSES]), max_size=4)
VERBS = st.sampled_from(["", "pause", "abort", "rollback"])
RULES = st.sampled_from([("fail", "rollback"), ("fail", "stop"), ("goOn", "rollback")])
DEATHS = st.sampled_from(["", "roll_out", "call_hook"])
VERDICTS = st.lists(st.sampled_from(["pass", "pass", "fail", ""]), max_size=4)
"""The last one says nothing."""


class Happens(NamedTuple):
    """What is answered, and what befalls the rollout after so many calls."""

    drains: list[Any]
    backs: list[Any]
    verb: str
    dies: str
    rules: tuple[str, str]
    after: int = 1
    fails: bool = False


@settings(
    max_examples=60 if NIGHTLY else 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    what=st.builds(
        Happens,
        drains=ANSWERS,
        backs=ANSWERS,
        verb=VERBS,
        dies=DEATHS,
        rules=RULES,
        after=st.integers(0, 4),
        fails=st.booleans(),
    )
)
def test_each_drained_instance_is_put_back_after_its_last_drain(
    system: System, host: AskedHost, what: Happens
) -> None:
    """Or the rollout says at its end who may not be."""
    host.forget()
    system.host.deaths.forget()
    host.says("/drain", *what.drains, DONE)
    host.says("/back", *what.backs, DONE)
    hooks = drain_and_back(host, timeout="PT4M", action=what.rules[0])
    view = played(system, host, what, hooks)
    assert still_drained(host) == set() or "may still be drained" in view["message"]


@settings(
    max_examples=60 if NIGHTLY else 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    what=st.builds(
        Happens,
        drains=VERDICTS,
        backs=VERDICTS,
        verb=VERBS,
        dies=st.sampled_from(["", "roll_out", "post_question"]),
        rules=RULES,
        after=st.integers(0, 4),
        fails=st.booleans(),
    )
)
def test_so_is_each_that_was_drained_by_who_answers_later(
    system: System, host: AskedHost, what: Happens
) -> None:
    host.forget()
    system.host.deaths.forget()
    left = {"/drain": [*what.drains], "/back": [*what.backs]}

    def says(path: str) -> Json | None:
        verdict = left[path].pop(0) if left[path] else "pass"
        return {"verdict": verdict} if verdict else None

    host.says_back = says
    hooks = drain_and_back_by_callback(host, timeout="PT4M", action=what.rules[0])
    view = played(system, host, what, hooks)
    assert still_drained_by_callback(host) == set() or "may still be drained" in view["message"]


def played(system: System, host: AskedHost, what: Happens, hooks: list[Json]) -> Json:
    """The view at the end of a rollout with these hooks, which never had two domains down."""
    scale_set = system.scale_set(**SMALL)
    if what.fails:
        system.fault("upgradeFails", instanceIds=["1"], scaleSet=scale_set)
    policy = hooked(*hooks, onFailure=what.rules[1], health={"timeout": "PT3M"})
    rollout = system.start(scale_set, policy=policy).json()["id"]
    system.until(rollout, lambda view: len(host.asked) >= what.after or view["finishedAt"])
    happen(system, rollout, what)
    view = system.finish(rollout)
    # An instance that fails on the way back too is set aside, and the next domain goes down.
    assert what.fails or system.truth(scale_set)["violations"] == []
    return view


def happen(system: System, rollout: str, what: Happens) -> None:
    if what.dies:
        about = rollout if what.dies == "roll_out" else ""
        system.host.deaths.plan(Death(what.dies, about, moment=Moment.AFTER))
        system.pass_minutes(5)
        system.look_after()
    if what.verb:
        system.api.post(f"/api/rollouts/{rollout}/{what.verb}", json={})
    if what.verb == "pause":
        system.pass_minutes(6)
        system.api.post(f"/api/rollouts/{rollout}/resume", json={})
