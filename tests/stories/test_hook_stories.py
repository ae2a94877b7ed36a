"""Hooks: instances are drained before their batch, and put back whatever comes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from answering import AskedHost
from gated import SMALL
from generations import LONGEST_HISTORY, generation, histories
from hooked import (
    AT_WORK,
    BROKEN,
    DONE,
    REFUSES,
    calls,
    drain_and_back,
    hook,
    hooked,
    logged,
    still_drained,
    tell,
    told,
)
from story import NEW, System


def test_each_batch_is_drained_before_it_is_sent_and_put_back_after_it(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=hooked(*drain_and_back(host)))
    assert view["phase"] == "Succeeded", view["message"]
    assert [each.path for each in host.asked] == ["/drain", "/back"] * 2
    batches = told(host, "/drain")
    assert sorted(each for ids in batches for each in ids) == ["0", "1", "2", "3"]
    assert told(host, "/back") == batches
    lines = [(each["name"], each["place"], each["verdict"]) for each in view["hooks"]]
    assert lines == [("drain", "beforeBatch", "pass"), ("back", "afterBatch", "pass")]
    kinds = [each["kind"] for each in system.events(view["id"])]
    assert kinds.index("hooksDue") < kinds.index("drained") < kinds.index("batchStarted")
    assert kinds.index("batchFinished") < kinds.index("putBack")


def test_a_hook_is_told_who_it_is_about(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    view = system.run(scale_set, policy=hooked(*drain_and_back(host)))
    drain, back = host.asked[0], host.asked[1]
    name = scale_set.rpartition("/")[2]
    ids = [each["id"] for each in drain.body["instances"]]
    assert drain.body == {
        "id": drain.headers["idempotency-key"],
        "hook": "drain",
        "place": "beforeBatch",
        "attempt": 1,
        "rollout": view["id"],
        "scaleSet": scale_set,
        "batch": 1,
        "batches": 2,
        "rollingBack": False,
        "instances": [
            {
                "id": each,
                "name": f"{name}_{each}",
                "computerName": f"{name[:9]}00000{each}",
                "state": "pending",
            }
            for each in ids
        ],
    }
    assert {each["state"] for each in back.body["instances"]} == {"done"}
    keys = [each.headers["idempotency-key"] for each in host.asked]
    assert len(set(keys)) == 4


def test_without_hooks_nothing_is_said_or_logged(system: System) -> None:
    view = system.run(system.scale_set(**SMALL), policy={"maxBatchInstances": 2})
    assert view["hooks"] == []
    assert not [each for each in system.events(view["id"]) if "ook" in each["kind"]]


def test_a_hook_is_called_again_with_the_same_key_until_it_is_done(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", BROKEN, AT_WORK, AT_WORK, DONE)
    drain, back = drain_and_back(host)
    drain["call"]["notYet"] = "state == 'draining'"
    host.answers["/drain"][-1] = (200, {"state": "drained"})
    view = system.run(scale_set, policy=hooked(drain, back))
    assert view["phase"] == "Succeeded", view["message"]
    first = calls(host, "/drain")[:4]
    assert [each.body["attempt"] for each in first] == [1, 2, 3, 4]
    assert len({each.headers["idempotency-key"] for each in first}) == 1
    assert len(calls(host, "/drain")) == 5
    assert still_drained(host) == set()
    waits = [each for each in logged(system, view["id"], "waiting") if "hook" in each["message"]]
    assert [each["message"] for each in waits] == [
        "Waiting for hook drain before batch 1 of 2 (update domain 0)"
    ]


def test_hooks_of_a_place_are_called_one_after_the_other(system: System, host: AskedHost) -> None:
    host.says("/first", BROKEN, DONE)
    hooks = [hook(f"{host.url}{path}", name=path[1:]) for path in ("/first", "/second")]
    view = system.run(system.scale_set(capacity=2, updateDomains=1), policy=hooked(*hooks))
    assert view["phase"] == "Succeeded", view["message"]
    assert [each.path for each in host.asked][:3] == ["/first", "/first", "/second"]


@pytest.mark.crossed
@pytest.mark.parametrize("answer", [BROKEN, REFUSES], ids=["time is over", "refuses"])
@pytest.mark.parametrize(("on_failure", "phase"), [("rollback", "RolledBack"), ("stop", "Failed")])
def test_a_drain_that_fails_leaves_its_batch_alone_and_is_put_back(
    system: System, host: AskedHost, answer: tuple[int, str], on_failure: str, phase: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", answer)
    view = system.run(
        scale_set, policy=hooked(*drain_and_back(host, timeout="PT3M"), onFailure=on_failure)
    )
    assert view["phase"] == phase, view["message"]
    assert "hook drain " in view["message"].lower()
    assert sum(each["upgrades"] for each in system.truth(scale_set)["instances"]) == 0
    assert still_drained(host) == set()
    assert len(logged(system, view["id"], "hookFailed")) == 1


def test_a_drain_that_may_fail_is_noted_and_the_rollout_goes_on(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", BROKEN)
    hooks = drain_and_back(host, timeout="PT1M", action="goOn")
    view = system.run(scale_set, policy=hooked(*hooks))
    assert view["phase"] == "Succeeded", view["message"]
    assert len(logged(system, view["id"], "hookNoted")) == 2
    assert still_drained(host) == set()


@pytest.mark.parametrize(("verb", "drains"), [("retry", 3), ("skip", 2)])
def test_an_operator_decides_about_a_drain_that_fails(
    system: System, host: AskedHost, verb: str, drains: int
) -> None:
    """Meanwhile its instances are put back."""
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", REFUSES, DONE)
    policy = hooked(*drain_and_back(host), onFailure="pause")
    rollout = system.start(scale_set, policy=policy).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert "hook drain refused: POST 127.0.0.1/drain answered 409" in view["message"]
    assert view["verbs"] == ["retry", "skip", "abort", "rollback"]
    assert view["waits"]["hook"] == "drain"
    assert view["consequences"]["skip"] == "It goes on without hook drain."
    assert view["consequences"]["retry"] == "It calls hook drain again."
    assert still_drained(host) == set()
    tell(system, rollout, verb)
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert len(calls(host, "/drain")) == drains
    assert still_drained(host) == set()
    keys = [each.headers["idempotency-key"] for each in calls(host, "/drain")]
    assert len(set(keys)) == len(keys)


def test_a_failed_batch_is_put_back_and_so_is_the_way_back(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    system.fault("badImage", version=NEW)
    policy = hooked(*drain_and_back(host), health={"timeout": "PT5M"})
    view = system.run(scale_set, policy=policy)
    assert view["phase"] == "RolledBack", view["message"]
    assert [each.path for each in host.asked] == ["/drain", "/back"] * 2
    assert [each.body["rollingBack"] for each in host.asked] == [False, True, True, True]
    assert "failed" in {each["state"] for each in host.asked[1].body["instances"]}
    assert still_drained(host) == set()


def test_no_hook_holds_up_the_way_back(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/back", BROKEN)
    host.says("/drain", DONE, BROKEN)
    hooks = drain_and_back(host, timeout="PT5M")
    view = system.run(scale_set, policy=hooked(*hooks))
    assert view["phase"] == "RolledBack", view["message"]
    assert "hook back could not be told to put back 2 instance(s): " in view["message"].lower()
    assert view["message"].endswith("They may still be drained: put them back by hand.")
    [left] = logged(system, view["id"], "notPutBack")
    assert "answered 500" in left["message"]
    assert "the way back waits for no hook" in logged(system, view["id"], "hookNoted")[0]["message"]
    truth = system.truth(scale_set)["instances"]
    assert [each["image"] for each in truth].count(truth[0]["image"]) == 4


def test_what_could_not_be_put_back_is_tried_again_and_said_at_the_end(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    drain, back = drain_and_back(host, timeout="PT1M")
    host.says("/back", BROKEN)
    view = system.run(scale_set, policy=hooked(drain, {**back, "action": "goOn"}))
    assert view["phase"] == "Succeeded", view["message"]
    assert "Hook back could not be told to put back 4 instance(s): 0, 2, 1, 3." in view["message"]
    assert sorted(told(host, "/back")[-1]) == ["0", "1", "2", "3"]
    assert view["hooks"][1]["verdict"] == "unknown"


@pytest.mark.crossed
@pytest.mark.parametrize(("verb", "phase"), [("abort", "Aborted"), ("rollback", "RolledBack")])
@pytest.mark.parametrize("moment", ["draining", "batch", "warming up"])
def test_an_end_at_any_moment_puts_back_what_was_drained(
    system: System, host: AskedHost, verb: str, phase: str, moment: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", *([BROKEN] if moment == "draining" else [DONE]))
    host.says("/back", *([BROKEN] if moment == "warming up" else [DONE]))
    hooks = drain_and_back(host, timeout="PT6H")
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    reached: dict[str, Callable[[Any], bool]] = {
        "draining": lambda _: len(calls(host, "/drain")) == 3,
        "batch": lambda view: view["counts"]["inProgress"] > 0,
        "warming up": lambda _: len(calls(host, "/back")) == 3,
    }
    system.until(rollout, reached[moment])
    host.says("/drain", DONE)
    host.says("/back", DONE)
    tell(system, rollout, verb)
    view = system.finish(rollout)
    assert view["phase"] == phase, view["message"]
    assert still_drained(host) == set()
    assert system.truth(scale_set)["violations"] == []


def test_a_pause_while_it_drains_puts_back_and_resume_drains_anew(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", BROKEN)
    hooks = drain_and_back(host, timeout="PT6H")
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    system.until(rollout, lambda _: len(calls(host, "/drain")) == 3)
    tell(system, rollout, "pause")
    system.until(rollout, lambda view: view["phase"] == "Paused")
    assert still_drained(host) == set()
    host.says("/drain", DONE)
    tell(system, rollout, "resume")
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert still_drained(host) == set()
    keys = [each.headers["idempotency-key"] for each in calls(host, "/drain")]
    assert len(set(keys[:3])) == 1
    assert keys[2] != keys[3]


@pytest.mark.by_day(0)
def test_a_hook_that_works_for_hours_leaves_short_histories(
    system: System, host: AskedHost
) -> None:
    scale_set = system.scale_set(**SMALL)
    host.says("/drain", *[BROKEN] * 75, DONE)
    host.says("/back", *[BROKEN] * 75, DONE)
    hooks = drain_and_back(host, timeout="PT10H")
    rollout = system.start(scale_set, policy=hooked(*hooks)).json()["id"]
    view = system.finish(rollout)
    assert view["phase"] == "Succeeded", view["message"]
    assert generation(system, rollout) > 2
    assert max(histories(system, rollout).values()) <= LONGEST_HISTORY
    assert still_drained(host) == set()
