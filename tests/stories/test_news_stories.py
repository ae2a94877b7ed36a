"""News of rollouts, from the first sentence to the last, whatever happens to who brings them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from receiver import Receiver, receiving
from story import NEW, System


@pytest.fixture
def ops() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hearing(ops: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A receiver that is told of everything."""
    configure(monkeypatch, {"name": "ops", "kind": "webhook", "url": f"{ops.url}/hook"})
    return ops


def configure(monkeypatch: pytest.MonkeyPatch, *receivers: dict[str, Any]) -> None:
    rules = {"page": "https://app.example/api/dashboard", "receivers": receivers}
    monkeypatch.setenv("ROLLOUT_NEWS", json.dumps(rules))
    monkeypatch.setenv("ROLLOUT_OUTBOUND", "127.0.0.0/8")


def kinds(receiver: Receiver) -> list[str]:
    return [body["data"]["kind"] for body in receiver.bodies]


def ids(receiver: Receiver) -> list[str]:
    return [body["id"] for body in receiver.bodies]


def test_a_rollout_is_told_of_from_its_start_to_its_end(system: System, hearing: Receiver) -> None:
    scale_set = system.scale_set(capacity=4)
    view = system.run(scale_set, id="news-1", reason="CVE-2026-1")
    assert kinds(hearing) == ["started", "batchDone", "finished"]
    first, *_, last = hearing.bodies
    assert (first["specversion"], first["type"]) == ("1.0", "vmssrollout.rollout.started")
    assert (first["subject"], first["data"]["reason"]) == ("news-1", "CVE-2026-1")
    assert first["data"]["link"] == "https://app.example/api/dashboard#/rollouts/news-1"
    assert (last["data"]["phase"], last["data"]["message"]) == ("Succeeded", view["message"][:-1])
    assert len(set(ids(hearing))) == 3


def test_who_is_needed_hears_of_it_while_it_waits(system: System, hearing: Receiver) -> None:
    scale_set = system.scale_set(capacity=4)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    view = system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(2)
    assert kinds(hearing) == ["started", "needsYou"]
    said = hearing.bodies[-1]["data"]
    assert (said["message"], said["until"]) == (view["message"], view["waits"]["until"])
    assert said["who"] == "whoever may call the app"
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.finish(rollout)
    assert kinds(hearing)[-1] == "finished"


def test_a_failure_is_told_with_what_comes_of_it(system: System, hearing: Receiver) -> None:
    system.fault("badImage", version=NEW)
    rollout = system.start(system.scale_set(capacity=10), policy={"onFailure": "pause"})
    system.until(rollout.json()["id"], lambda view: view["phase"] == "Paused")
    system.pass_minutes(2)
    assert kinds(hearing) == ["started", "gateFailed", "needsYou"]
    system.api.post(f"/api/rollouts/{rollout.json()['id']}/rollback", json={"by": "ann"})
    system.finish(rollout.json()["id"])
    assert kinds(hearing)[3:] == ["rolledBack", "batchDone", "finished"]
