"""News for those that have something to do with a scale set, by its tags (docs/news.md)."""

import pytest
from news_rules import configure, kinds
from receiver import Receiver
from story import OLD, System

from local.host.engine.deaths import Death


def test_a_receiver_hears_of_scale_sets_with_its_tags(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = {"name": "web", "kind": "webhook", "url": f"{ops.url}/hook", "members": "all"}
    configure(monkeypatch, {**team, "only": {"tags": {"Team": "WEB", "stage": "prod*"}}})
    small = {"capacity": 2, "updateDomains": 2}
    ours = system.scale_set(**small, tags={"team": "web", "stage": "production"})
    others = [
        system.scale_set(**small, tags={"team": "web", "stage": "test"}),
        system.scale_set(**small, tags={"team": "web"}),
        system.scale_set(**small),
    ]
    system.run(ours, id="tagged-1")
    for number, other in enumerate(others):
        system.run(other, id=f"untagged-{number}")
    waves = [{"name": "all", "scaleSets": [ours, others[0]]}]
    fleet = system.start_fleet(waves, image={"version": OLD}, id="tagged-fleet")
    system.finish_fleet(fleet.json()["id"])
    told_of = {body["subject"] for body in ops.bodies}
    assert "tagged-1" in told_of
    [member] = told_of - {"tagged-1"}
    assert member.startswith("tagged-fleet")
    assert kinds(ops)[:2] == ["started", "batchDone"]


def test_who_hears_nothing_of_a_rollout_is_not_asked_about_again(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {"only": {"tags": {"team": "web"}}}
    configure(monkeypatch, {"name": "web", "kind": "webhook", "url": f"{ops.url}/hook", **only})
    scale_set = system.scale_set(capacity=2)
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.pass_minutes(5)
    death = Death("find_news", f"news:web:{rollout}")
    system.host.deaths.plan(death)
    system.look_after()
    system.pass_minutes(5)
    assert death not in system.host.deaths.happened
    system.api.post(f"/api/rollouts/{rollout}/abort", json={})
    system.finish(rollout)
    assert ops.bodies == []


def test_while_azure_cannot_say_the_tags_the_news_wait(
    system: System, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_set = system.scale_set(capacity=2, tags={"team": "web"})
    rollout = system.start(scale_set, policy={"approval": "start"}).json()["id"]
    system.until(rollout, lambda view: view["phase"] == "AwaitingApproval")
    only = {"only": {"tags": {"team": "web"}}}
    configure(monkeypatch, {"name": "web", "kind": "webhook", "url": f"{ops.url}/hook", **only})
    system.fault("rewrite", method="GET", status=503, count=20)
    system.look_after()
    system.pass_minutes(5)
    assert ops.bodies == []
    system.azure.delete("/_sim/faults")
    system.api.post(f"/api/rollouts/{rollout}/approve", json={})
    system.finish(rollout)
    assert (kinds(ops)[0], kinds(ops)[-1]) == ("started", "finished")
