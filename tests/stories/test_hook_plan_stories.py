"""Hooks before anything begins: a plan shows them, and what can be known is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from answering import AskedHost
from gated import SMALL
from hooked import answered_at_once, calls, drain_and_back, hook, hooked
from story import NEW, System

PAGE = Path(__file__).parents[2] / "docs/hooks.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_a_plan_shows_hooks_and_calls_none(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    plan = system.plan(scale_set, policy=hooked(*drain_and_back(host)))
    assert [(each["name"], each["place"]) for each in plan["hooks"]] == [
        ("drain", "beforeBatch"),
        ("back", "afterBatch"),
    ]
    assert plan["hooks"][0]["message"] == (
        "would be called before each of 2 batches, for at most 10 min: POST 127.0.0.1/drain"
    )
    assert host.asked == []
    assert plan["fingerprint"] == system.plan(scale_set, policy=hooked())["fingerprint"]


def test_a_plan_warns_of_a_drain_that_nobody_undoes(system: System, host: AskedHost) -> None:
    plan = system.plan(system.scale_set(**SMALL), policy=hooked(hook(f"{host.url}/drain")))
    assert [each for each in plan["warnings"] if "puts back" in each]


@pytest.mark.parametrize(
    ("call", "path", "message"),
    [
        ({"url": "https://169.254.169.254/metadata"}, "url", "belongs to the platform"),
        ({"url": {"secret": "NOWHERE"}}, "url", "there is no secret NOWHERE"),
        ({"headers": {"X-Key": {"secret": "NOWHERE"}}}, "headers.X-Key", "there is no secret"),
        ({"notYet": "a <"}, "notYet", "does not compile as JMESPath"),
        ({"method": "GET"}, "method", "is not a field of this request"),
    ],
)
def test_what_can_be_known_is_refused(
    system: System, call: dict[str, Any], path: str, message: str
) -> None:
    asked = hook("https://lb.contoso.com/drain", call=call)
    for way in ("/api/rollouts/plan", "/api/rollouts"):
        body = {"scaleSet": system.scale_set(**SMALL), "image": {"version": NEW}}
        answer = system.api.post(way, json={**body, "policy": hooked(asked)})
        assert answer.status_code == 400, answer.text
        [error] = answer.json()["errors"]
        assert error["path"] == f"policy.hooks[0].call.{path}"
        assert message in error["message"]


@pytest.mark.parametrize("example", [each for each in EXAMPLES if "callback" in each])
def test_an_example_of_hooks_that_answer_later_works(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_LB_KEY", "hush")
    answered_at_once(host)
    policy = json.loads(example.replace("https://lb.contoso.com", host.url))
    view = system.run(system.scale_set(capacity=2, updateDomains=1), policy=policy)
    assert view["phase"] == "Succeeded", view["message"]
    assert [each.path for each in host.asked] == ["/drain", "/back"] * 2
    assert all(each.headers["webhook-signature"].startswith("v1,") for each in host.asked)
    assert host.asked[0].body["instances"][0]["privateAddresses"] == ["10.0.0.4"]


@pytest.mark.parametrize("example", [each for each in EXAMPLES if "callback" not in each])
def test_an_example_of_the_page_works(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_LB", "Bearer hush")
    host.says("/drain", (200, {"state": "draining"}), (200, {"state": "drained"}))
    policy = json.loads(example.replace("https://lb.contoso.com", host.url))
    view = system.run(system.scale_set(capacity=2, updateDomains=1), policy=policy)
    assert view["phase"] == "Succeeded", view["message"]
    assert (len(calls(host, "/drain")) >= 2, len(calls(host, "/back")) >= 1) == (True, True)
    assert calls(host, "/back")[0].headers["authorization"] == "Bearer hush"


def test_there_is_an_example() -> None:
    assert len(EXAMPLES) > 1
