"""Gates before anything begins: tried by a plan, refused where that can be known."""

from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from gated import SMALL, gate, policy
from story import NEW, System

Json = dict[str, Any]


def test_a_secret_is_sent_and_stays_out_of_everything_that_is_kept(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the host answers what it was sent."""
    monkeypatch.setenv("ROLLOUT_SECRET_CHECKS", "Bearer hush-hush")
    asked = gate(host.says("/g", (200, {"sent": "Bearer hush-hush", "ok": True})))
    asked["check"] |= {"headers": {"Authorization": {"secret": "CHECKS"}}, "body": {"a": 1}}
    view = system.run(system.scale_set(**SMALL), policy=policy(asked))
    assert view["phase"] == "Succeeded"
    call = host.asked[0]
    assert (call.method, call.body) == ("POST", {"a": 1})
    assert call.headers["authorization"] == "Bearer hush-hush"
    kept = f"{view} {system.events(view['id'])}"
    assert "hush-hush" not in kept
    assert "(hidden)" in kept


def test_a_secret_that_is_no_address_is_not_told(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may only read can plan, too."""
    monkeypatch.setenv("ROLLOUT_SECRET_CHECKS", "Bearer hush-hush")
    asked = {"name": "g", "place": "end", "check": {"kind": "http", "url": {"secret": "CHECKS"}}}
    body = {"scaleSet": system.scale_set(**SMALL), "image": {"version": NEW}}
    answer = system.api.post("/api/rollouts/plan", json={**body, "policy": policy(asked)})
    assert answer.status_code == 400
    assert "hush-hush" not in answer.text


def test_a_plan_tries_each_gate_once(system: System, host: AskedHost) -> None:
    gates = [
        gate(host.says("/yes", YES), name="fine"),
        gate(host.says("/no", NO), "end", "bad"),
        gate(host.says("/busy", BUSY), name="away", weight="advisory"),
    ]
    scale_set = system.scale_set(**SMALL)
    plan = system.plan(scale_set, policy=policy(*gates))
    found = {each["name"]: (each["verdict"], each["message"]) for each in plan["gates"]}
    assert found["fine"][0] == "pass"
    assert found["fine"][1].startswith("would pass now: GET 127.0.0.1/yes answered 200")
    assert found["bad"][1].endswith("/no answered 200, and ok is false")
    assert found["away"] == ("unknown", "could not tell now: GET 127.0.0.1/busy answered 503")
    assert [each for each in plan["warnings"] if "gate" in each] == [
        "gate bad (end) would fail now: GET 127.0.0.1/no answered 200, and ok is false"
    ]
    assert len(host.asked) == 3
    assert system.plan(scale_set)["fingerprint"] != ""
    assert system.truth(scale_set)["violations"] == []


def test_gates_are_no_part_of_a_plans_fingerprint(system: System, host: AskedHost) -> None:
    scale_set = system.scale_set(**SMALL)
    plain = system.plan(scale_set, policy=policy())
    gated = system.plan(scale_set, policy=policy(gate(host.says("/g", NO))))
    assert gated["fingerprint"] == plain["fingerprint"]


@pytest.mark.parametrize(
    ("check", "path", "message"),
    [
        ({"url": "https://169.254.169.254/metadata"}, "url", "belongs to the platform"),
        ({"url": "https://10.0.0.4/ready"}, "url", "inside a network"),
        ({"url": "http://checks.contoso.com/ready"}, "url", "without encryption"),
        ({"url": {"secret": "NOWHERE"}}, "url", "there is no secret NOWHERE"),
        ({"headers": {"X-Key": {"secret": "NOWHERE"}}}, "headers.X-Key", "there is no secret"),
        ({"condition": "a <"}, "condition", "does not compile as JMESPath"),
    ],
)
def test_what_can_be_known_is_refused_at_the_plan_and_at_the_start(
    system: System, check: Json, path: str, message: str
) -> None:
    scale_set = system.scale_set(**SMALL)
    asked = gate("https://checks.contoso.com/ready")
    asked["check"] |= check
    for call in ("/api/rollouts/plan", "/api/rollouts"):
        body = {"scaleSet": scale_set, "image": {"version": NEW}, "policy": policy(asked)}
        answer = system.api.post(call, json=body)
        assert answer.status_code == 400, answer.text
        [error] = answer.json()["errors"]
        assert error["path"] == f"policy.gates[0].check.{path}"
        assert message in error["message"]
    assert system.truth(scale_set)["peakDown"] == 0


def test_a_secret_that_is_bound_to_another_host_is_refused_at_the_plan_and_at_the_start(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_CHECKS", "Bearer 1234")
    monkeypatch.setenv("ROLLOUT_BOUND_SECRETS", '{"CHECKS": ["checks.contoso.com"]}')
    asked = gate("https://evil.contoso.net/ready")
    asked["check"]["headers"] = {"Authorization": {"secret": "CHECKS"}}
    for call in ("/api/rollouts/plan", "/api/rollouts"):
        body = {
            "scaleSet": system.scale_set(**SMALL),
            "image": {"version": NEW},
            "policy": policy(asked),
        }
        answer = system.api.post(call, json=body)
        assert answer.status_code == 400, answer.text
        [error] = answer.json()["errors"]
        assert "the secret CHECKS may go to checks.contoso.com, and not to" in error["message"]
        assert "1234" not in answer.text
