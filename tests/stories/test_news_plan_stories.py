"""A plan says who will be told of what it plans."""

import pytest
from news_rules import configure
from story import NEW, System


def test_a_plan_says_who_will_be_told(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = {"kind": "webhook", "url": "https://audit.contoso.com/secret-path"}
    few = {"name": "few", **hook, "only": {"kinds": ["finished"], "ids": "prod-*"}}
    nights = {"name": "nights", **hook, "only": {"fleets": "night-*", "kinds": ["finished"]}}
    configure(monkeypatch, few, nights)
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    expected = {"kind": "webhook", "kinds": ["finished"]}
    assert system.plan(scale_set, id="prod-1")["news"] == [{"name": "few", **expected}]
    assert system.plan(scale_set, id="test-1")["news"] == []
    wave = {"name": "all", "scaleSets": [scale_set]}
    body = {"id": "night-1", "image": {"version": NEW}, "waves": [wave]}
    plan = system.api.post("/api/fleet-rollouts/plan", json=body)
    assert plan.json()["news"] == [{"name": "nights", **expected}]
    assert "audit.contoso.com" not in plan.text


def test_a_wrong_setting_of_news_does_not_hold_up_a_plan(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_NEWS", "{")
    assert system.plan(system.scale_set(capacity=2))["news"] == []
