"""Hooks when a worker dies or a rollout is ended from outside: what was drained is put back."""

from collections.abc import Callable
from typing import Any

import pytest
from answering import AskedHost
from gated import SMALL
from hooked import BROKEN, DONE, calls, drain_and_back, hooked, logged, still_drained, tell
from story import System

from local.host.engine.deaths import Death, Moment
from rollout.inventory import ScaleSetId
from rollout.run import lock_id

DURABLE = "/runtime/webhooks/durabletask"
MOMENTS = ["draining", "batch", "warming up"]


def at(system: System, host: AskedHost, moment: str) -> tuple[str, str]:
    """A scale set, and a rollout of it that is at that moment."""
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", BROKEN if moment == "draining" else DONE)
    host.says("/back", BROKEN if moment == "warming up" else DONE)
    hooks = drain_and_back(host, timeout="PT6H")
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    reached: dict[str, Callable[[Any], bool]] = {
        "draining": lambda _: len(calls(host, "/drain")) == 2,
        "batch": lambda view: view["counts"]["inProgress"] > 0,
        "warming up": lambda _: len(calls(host, "/back")) == 2,
    }
    system.until(rollout, reached[moment])
    assert still_drained(host)
    return scale_set, rollout


@pytest.mark.crossed
@pytest.mark.parametrize("moment", [*Moment])
@pytest.mark.parametrize("nth", [1, 2], ids=["drain", "put back"])
def test_a_call_whose_worker_dies_is_repeated_with_the_same_key(
    system: System, host: AskedHost, moment: Moment, nth: int
) -> None:
    death = Death("call_hook", nth=nth, moment=moment)
    system.host.deaths.plan(death)
    view = system.run(system.scale_set(**SMALL), policy=hooked(*drain_and_back(host)))
    assert death in system.host.deaths.happened
    assert view["phase"] == "Succeeded", view["message"]
    assert still_drained(host) == set()
    keys = [each.headers["idempotency-key"] for each in host.asked]
    assert len(set(keys)) == 4
    assert len(keys) == (4 if moment is Moment.BEFORE else 5)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_rollout_that_broke_off_puts_back_and_goes_on(
    system: System, host: AskedHost, moment: str
) -> None:
    scale_set, rollout = at(system, host, moment)
    death = Death("roll_out", rollout)
    system.host.deaths.plan(death)
    system.pass_minutes(4)
    assert death in system.host.deaths.happened
    host.says("/drain", DONE)
    host.says("/back", DONE)
    system.look_after()
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert still_drained(host) == set()
    truth = system.truth(scale_set)
    assert [each["upgrades"] for each in truth["instances"]] == [1] * 4
    assert truth["violations"] == []


def terminate(system: System, rollout: str) -> None:
    """Through Durable's own endpoint."""
    uri = system.managed(rollout, "terminatePostUri").replace("{text}", "wrong")
    assert system.api.post(uri).status_code == 202


def batch_runs(system: System, rollout: str) -> bool:
    batch = system.api.get(f"{DURABLE}/instances/{rollout}:batch-1")
    return batch.status_code != 404 and batch.json()["runtimeStatus"] == "Running"


@pytest.mark.crossed
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("answer", [DONE, BROKEN], ids=["puts back", "broken"])
def test_a_rollout_that_was_terminated_is_put_back_by_the_watch(
    system: System, host: AskedHost, moment: str, answer: tuple[int, str]
) -> None:
    _, rollout = at(system, host, moment)
    assert batch_runs(system, rollout) is (moment == "batch")
    host.says("/back", answer)
    terminate(system, rollout)
    upgrading: list[bool] = []
    host.meanwhile = lambda: upgrading.append(batch_runs(system, rollout))
    for _ in range(2):  # the first look may find its batch being upgraded, and leaves it
        system.look_after()
        with system.host.skipping():
            system.host.wait_idle()
    assert upgrading == [False]
    if answer is DONE:
        assert still_drained(host) == set()
        assert len(logged(system, rollout, "putBack")) == 1
    else:
        [left] = logged(system, rollout, "notPutBack")
        assert "They may still be drained: put them back by hand" in left["message"]
    assert system.start(system.scale_set(**SMALL)).status_code == 202


def die_while_it_puts_back(system: System, host: AskedHost, rollout: str) -> None:
    """The watch, in the turn after it has called the hook that puts back."""
    death = Death("watch", nth=1, moment=Moment.BEFORE)
    host.says("/back", BROKEN)
    host.meanwhile = lambda: system.host.deaths.plan(death)
    terminate(system, rollout)
    system.look_after()
    assert death in system.host.deaths.happened


def test_a_watch_that_dies_while_it_puts_back_leaves_that_to_the_next(
    system: System, host: AskedHost
) -> None:
    _, rollout = at(system, host, "warming up")
    die_while_it_puts_back(system, host, rollout)
    assert still_drained(host)
    host.says("/back", DONE)
    system.look_after()
    assert still_drained(host) == set()
    assert len(logged(system, rollout, "putBack")) == 1
    assert len(logged(system, rollout, "brokenOff")) == 1
    asked = len(host.asked)
    system.look_after()
    assert len(host.asked) == asked


def test_the_watch_leaves_the_line_to_who_is_rolled_back_while_it_puts_back(
    system: System, host: AskedHost
) -> None:
    """It writes the line last: by then the rollout may run again."""
    _, rollout = at(system, host, "warming up")
    host.says("/back", DONE)
    terminate(system, rollout)
    host.meanwhile = lambda: tell(system, rollout, "rollback")
    system.look_after()
    [line] = [each for each in system.api.get("/api/rollouts").json() if each["id"] == rollout]
    assert line["phase"] == "RollingBack"
    assert system.finish(rollout)["phase"] == "RolledBack"


@pytest.mark.parametrize("moment", ["draining", "warming up"])
def test_what_was_drained_is_put_back_although_another_rollout_has_the_scale_set_by_then(
    system: System, host: AskedHost, moment: str
) -> None:
    scale_set, rollout = at(system, host, moment)
    host.says("/back", DONE)
    terminate(system, rollout)
    other = system.start(scale_set)
    assert other.status_code == 202, other.text
    system.look_after()
    with system.host.skipping():
        system.host.wait_idle()
    assert still_drained(host) == set()
    assert len(logged(system, rollout, "putBack")) == 1


def test_what_was_drained_by_a_rollout_that_was_purged_is_put_back(
    system: System, host: AskedHost
) -> None:
    _, rollout = at(system, host, "warming up")
    host.says("/back", DONE)
    uri = system.managed(rollout, "terminatePostUri").replace("{text}", "wrong")
    purge = system.managed(rollout, "purgeHistoryDeleteUri")
    assert system.api.post(uri).status_code == 202
    system.host.wait_idle()
    assert system.api.delete(purge).status_code == 200
    system.look_after()
    assert still_drained(host) == set()


def test_the_watch_leaves_the_lock_to_who_was_taken_up_while_it_put_back(
    system: System, host: AskedHost
) -> None:
    scale_set, rollout = at(system, host, "warming up")
    host.says("/back", DONE)
    terminate(system, rollout)
    said = {"by": "ann"}
    host.meanwhile = lambda: system.api.post(f"/api/rollouts/{rollout}/retry", json=said)
    system.look_after()
    assert host.meanwhile is None
    lock = f"/runtime/webhooks/durabletask/instances/{lock_id(ScaleSetId.parse(scale_set))}"
    held = system.api.get(lock).json()
    assert held["runtimeStatus"] == "Running"
    assert "again-" not in str(held["input"]), "it was never released"
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_a_rollback_of_what_was_terminated_drains_and_puts_back(
    system: System, host: AskedHost
) -> None:
    _, rollout = at(system, host, "warming up")
    terminate(system, rollout)
    host.says("/back", DONE)
    tell(system, rollout, "rollback")
    view = system.finish(rollout)
    assert view["phase"] == "RolledBack", view["message"]
    assert still_drained(host) == set()
