"""News of rollouts, from the first sentence to the last, whatever happens to who brings them."""

import hmac
import json
import os
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from news_rules import configure, ids, kinds
from receiver import Receiver
from story import NEW, System

from durable import news
from local.host.engine.deaths import Death


@pytest.fixture
def hearing(ops: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A receiver that is told of everything."""
    configure(monkeypatch, {"name": "ops", "kind": "webhook", "url": f"{ops.url}/hook"})
    return ops


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


def test_what_no_receiver_takes_is_given_up_after_a_day_and_said(
    system: System, hearing: Receiver
) -> None:
    hearing.answer = lambda _: httpx.Response(503, text="down for the night")
    view = system.run(system.scale_set(capacity=2, updateDomains=1), id="news-lost")
    assert view["phase"] == "Succeeded", "news hold up nothing"
    report = system.api.get("/api/news").json()
    assert report["waiting"] == []
    assert [lost["kind"] for lost in report["givenUp"]] == ["finished", "batchDone", "started"]
    assert {lost["why"] for lost in report["givenUp"]} == {"it answered 503: down for the night"}
    health = system.api.get("/api/health").json()
    assert health["status"] == "newsGivenUp"
    assert "ops was not told (started): The rollout has begun" in health["news"][-1]["message"]
    assert len(hearing.calls) < 3 * 120, "every quarter of an hour, in the end"
    hearing.answer = None
    assert system.api.post("/api/news/test", json={}).json() == [
        {"receiver": "ops", "delivered": True, "why": None}
    ]
    system.host.wait_idle()
    assert system.api.get("/api/health").json()["status"] == "healthy"


def test_what_waits_is_shown_with_why(system: System, hearing: Receiver) -> None:
    hearing.answer = lambda _: httpx.Response(503)
    rollout = system.start(system.scale_set(capacity=4), policy={"approval": "start"})
    system.until(rollout.json()["id"], lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(3)
    report = system.api.get("/api/news").json()
    assert report["receivers"][0]["name"] == "ops"
    assert report["receivers"][0]["host"] == hearing.url.split("/")[2]
    [line] = report["waiting"]
    assert (line["subject"]["id"], line["why"]) == (rollout.json()["id"], "it answered 503")
    hearing.answer = None
    system.api.post(f"/api/rollouts/{rollout.json()['id']}/approve", json={})
    system.finish(rollout.json()["id"])
    assert system.api.get("/api/news").json()["waiting"] == []


def test_slack_teams_and_a_signed_webhook_are_told_in_their_own_form(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_TEAM_URL", f"{ops.url}/teams")
    monkeypatch.setenv("ROLLOUT_SECRET_KEY", "a plain word")
    configure(
        monkeypatch,
        {"name": "hook", "kind": "webhook", "url": f"{ops.url}/hook", "key": {"secret": "KEY"}},
        {"name": "slack", "kind": "slack", "url": f"{ops.url}/slack"},
        {"name": "teams", "kind": "teams", "url": {"secret": "TEAM_URL"}},
    )
    answers = system.api.post("/api/news/test", json={}).json()
    assert [each["delivered"] for each in answers] == [True, True, True]
    calls = {call.url.path: call for call in ops.calls}
    assert json.loads(calls["/slack"].content)["blocks"][0]["text"]["text"] == "A test · test"
    assert json.loads(calls["/teams"].content)["type"] == "message"
    hook = calls["/hook"]
    sent = f"{hook.headers['webhook-id']}.{hook.headers['webhook-timestamp']}.".encode()
    digest = hmac.new(b"a plain word", sent + hook.content, sha256).digest()
    assert hook.headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
    shown = system.api.get("/api/news").text
    assert "TEAM_URL" not in shown
    assert "/teams" not in shown


def test_who_is_nobody_is_not_told_and_that_is_said(system: System) -> None:
    answer = system.api.post("/api/news/test", json={})
    assert (answer.status_code, answer.json()["title"]) == (409, "Nobody is told")
    assert system.api.get("/api/news").json()["receivers"] == []


def test_a_wrong_setting_is_said_and_holds_up_no_rollout(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_NEWS", '{"receivers": [{"name": "ops"}]}')
    health = system.api.get("/api/health").json()
    assert health["status"] == "wrongSettings"
    assert "ROLLOUT_NEWS is not valid" in health["errors"][0]["message"]
    assert system.run(system.scale_set(capacity=2))["phase"] == "Succeeded"


def test_a_secret_that_is_not_there_is_said(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, {"name": "team", "kind": "slack", "url": {"secret": "NO_SUCH"}})
    [error] = system.api.get("/api/health").json()["errors"]
    assert "receiver team: there is no secret NO_SUCH" in error["message"]


def test_a_receiver_inside_the_platform_is_not_called(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, {"name": "ops", "kind": "webhook", "url": "https://169.254.169.254/x"})
    [answer] = system.api.post("/api/news/test", json={}).json()
    assert not answer["delivered"]
    assert "belongs to the platform" in answer["why"]


def test_without_receivers_a_rollout_costs_nothing_more(system: System) -> None:
    system.run(system.scale_set(capacity=2), id="news-none")
    assert not any(
        instance.id.startswith("news:") and instance.id.endswith(":news-none")
        for instance in system.host.store.instances()
    )


def test_a_fleet_rollout_is_told_of_as_a_whole(system: System, hearing: Receiver) -> None:
    waves = [{"name": "all", "scaleSets": system.small(2)}]
    system.start_fleet(waves, id="news-night")
    system.finish_fleet("news-night")
    said = [(body["subject"], body["data"]["kind"]) for body in hearing.bodies]
    assert said == [
        ("news-night", "started"), ("news-night", "batchDone"), ("news-night", "finished"),
    ]  # fmt: skip


def test_what_is_forgotten_has_no_courier_left(
    world: System, hearing: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_RETENTION", "P1D")
    world.run(world.scale_set(capacity=2), id="news-old")
    assert couriers(world) == ["news:ops:news-old"]
    assert kinds(hearing)[-1] == "finished"
    world.clock.advance(timedelta(days=2))
    world.host.wait_idle()
    assert world.api.post("/admin/functions/clear_out_daily", json={}).status_code == 202
    world.host.wait_idle()
    assert couriers(world) == []


def test_what_is_forgotten_is_forgotten_of_receivers_that_are_gone_too(
    world: System, hearing: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id may be used again, and the receiver come back: it would think it had been told."""
    before = os.environ["ROLLOUT_NEWS"]
    monkeypatch.setenv("ROLLOUT_RETENTION", "P1D")
    world.run(world.scale_set(capacity=2), id="news-again")
    monkeypatch.setenv("ROLLOUT_NEWS", '{"receivers": []}')
    world.clock.advance(timedelta(days=2))
    world.host.wait_idle()
    world.api.post("/admin/functions/clear_out_daily", json={})
    world.host.wait_idle()
    assert couriers(world) == []
    monkeypatch.setenv("ROLLOUT_NEWS", before)
    told = len(hearing.calls)
    world.run(world.scale_set(capacity=2), id="news-again")
    assert kinds(hearing)[told] == "started"


def test_a_courier_that_cannot_be_begun_keeps_nobody_else_waiting(
    world: System, hearing: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that only a later version of the app can read: rollouts are taken up all the
    same.
    """
    begin = news._begin  # pyright: ignore[reportPrivateUsage]

    async def begin_or_fail(client: Any, receiver: str, subject: Any) -> None:
        if subject.id == "news-unread":
            raise ValueError("of a later version")
        await begin(client, receiver, subject)

    monkeypatch.setattr("durable.news._begin", begin_or_fail)
    world.host.deaths.plan(Death("roll_out", "news-unread"))
    scale_sets = world.scale_set(capacity=2), world.scale_set(capacity=2)
    world.start(scale_sets[0], id="news-unread", policy={"approval": "start"})
    world.start(scale_sets[1], id="news-heard")
    world.host.wait_idle()
    world.look_after()
    assert world.until("news-unread", lambda view: view["phase"] == "AwaitingApproval")
    world.finish("news-heard")
    assert {body["subject"] for body in hearing.bodies} == {"news-heard"}


def couriers(system: System) -> list[str]:
    found = [instance.id for instance in system.host.store.instances()]
    return [each for each in found if each.startswith("news:")]


def test_a_receiver_that_the_setting_names_no_more_is_not_called(
    system: System, hearing: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = system.start(system.scale_set(capacity=2), policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    system.pass_minutes(2)
    before = len(hearing.calls)
    monkeypatch.setenv("ROLLOUT_NEWS", '{"receivers": []}')
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.finish(rollout)
    assert len(hearing.calls) == before > 0


def test_a_receiver_named_later_hears_of_what_runs(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = system.start(system.scale_set(capacity=2), policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    configure(monkeypatch, {"name": "late", "kind": "webhook", "url": ops.url})
    system.look_after()
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.finish(rollout)
    assert kinds(ops)[:2] == ["started", "needsYou"]
    assert kinds(ops)[-1] == "finished"


@pytest.mark.by_day(0)
def test_a_history_of_a_courier_stays_short(system: System, hearing: Receiver) -> None:
    hearing.answer = lambda _: httpx.Response(503)
    scale_set = system.scale_set(capacity=2)
    rollout = system.start(scale_set, policy={"approval": "start", "approvalTimeout": "P2D"})
    system.until(rollout.json()["id"], lambda view: view["phase"] == "AwaitingApproval")
    longest = 0
    for _ in range(60):
        system.pass_minutes(6)
        rows = system.host.store.history(f"news:ops:{rollout.json()['id']}")
        longest = max(longest, len(list(rows)))
    assert 50 < longest < 200
    hearing.answer = None
    system.api.post(f"/api/rollouts/{rollout.json()['id']}/abort", json={})
    system.finish(rollout.json()["id"])
