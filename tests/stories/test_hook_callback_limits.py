"""Hooks that answer later, where time is short: at the deadline, in between, and at the end."""

from typing import Any

from answering import AskedHost
from calling_back import reply
from gated import SMALL
from hooked import by_callback, calls, drain_and_back, hooked, logged, tell, told
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
