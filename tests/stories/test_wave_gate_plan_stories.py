"""Gates between the waves of a fleet rollout, before that begins."""

from typing import Any

import pytest
from answering import BUSY, NO, YES, AskedHost
from calling_back import called_back
from gated import gate
from signed_in import as_, authenticated
from story import NEW, System

type Json = dict[str, Any]

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
BALANCER = f"{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Network/loadBalancers/web"
METRIC = {"kind": "metric", "name": "Percentage CPU", "condition": "< 80"}


def plan(system: System, *gates: Json, **headers: str) -> Any:
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    body = {"image": {"version": NEW}, "waves": waves, "policy": {"gates": list(gates)}}
    return system.api.post("/api/fleet-rollouts/plan", json=body, headers=headers)


@pytest.mark.parametrize(
    ("answer", "said"), [(YES, "would pass now"), (NO, "would fail now"), (BUSY, "could not tell")]
)
def test_a_plan_tries_each_once(system: System, host: AskedHost, answer: Any, said: str) -> None:
    of_the_sets = gate(host.says("/s", YES), "end", "sets")
    answered = plan(system, gate(host.says("/g", answer), "wave"), of_the_sets)
    assert answered.status_code == 200, answered.text
    [tried] = answered.json()["gates"]
    assert (tried["name"], tried["place"], host.times("/g")) == ("errors", "wave", 1)
    assert tried["message"].startswith(said)
    assert host.times("/s") == 0


def test_a_plan_asks_nobody_who_answers_later(system: System, host: AskedHost) -> None:
    [tried] = plan(system, called_back(f"{host.url}/q", "wave")).json()["gates"]
    assert tried["message"].startswith("would be asked: POST 127.0.0.1")
    assert host.asked == []


def test_the_plan_of_who_may_not_start_calls_nobody(
    system: System, host: AskedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticated(monkeypatch)
    monkeypatch.setenv("ROLLOUT_ROLES", '{"start": ["Rollout.Start"]}')
    url = host.says("/g", YES)
    answered = plan(system, gate(url, "wave"), **as_("bob@contoso.com", "Rollout.Read"))
    assert answered.status_code == 200, answered.text
    [tried] = answered.json()["gates"]
    assert "was not tried" in tried["message"]
    assert host.asked == []


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ({"kind": "alert"}, "must name rules or resources"),
        (METRIC, "must name its resource"),
        ({**METRIC, "comparedTo": "notUpgraded", "condition": "<= 110 %"}, "notUpgraded compares"),
    ],
)
def test_what_nobody_could_answer_about_a_wave_is_refused(
    system: System, check: Json, said: str
) -> None:
    asked = {"name": "errors", "place": "wave", "check": check}
    planned = plan(system, asked)
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    for answer in (planned, system.start_fleet(waves, policy={"gates": [asked]})):
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["path"], said in error["message"]) == ("policy.gates[0]", True), error


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "alert", "rules": ["checkout"]},
        {**METRIC, "resource": BALANCER, "region": "westus"},
    ],
    ids=["alert", "metric"],
)
def test_azure_monitor_is_asked_about_what_is_named(system: System, check: Json) -> None:
    body = {"resource": BALANCER, "value": 40, "name": "Percentage CPU"}
    assert system.azure.post("/_sim/metrics", json=body).is_success
    asked = {"name": "azure", "place": "wave", "check": check, "timeout": "PT1H"}
    waves = [{"name": "all", "scaleSets": system.small(1)}]
    fleet = system.start_fleet(waves, policy={"gates": [asked]}).json()["id"]
    view = system.finish_fleet(fleet)
    assert view["phase"] == "Succeeded", view["message"]
    assert view["gates"][0]["verdict"] == "pass"


def test_only_a_fleet_rollout_has_waves(system: System, host: AskedHost) -> None:
    policy = {"gates": [gate(host.says("/g", YES), "wave")]}
    answer = system.start(system.scale_set(capacity=2), policy=policy)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["path"] == "policy"
    assert "only a fleet rollout has waves" in error["message"]


def test_a_name_means_one_gate(system: System, host: AskedHost) -> None:
    first, second = system.small(1), system.small(1)
    own = {"gates": [gate(host.says("/other", YES), "wave")]}
    waves = [
        {"name": "canary", "scaleSets": first},
        {"name": "prod", "scaleSets": second, "policy": own},
    ]
    answer = system.start_fleet(waves, policy={"gates": [gate(host.says("/g", YES), "wave")]})
    assert answer.status_code == 400
    assert "is another one in wave prod than in wave canary" in answer.text


def test_alerts_are_read_in_one_subscription(system: System) -> None:
    other = BALANCER.replace("0000-000000000000", "0000-000000000001")
    check = {"kind": "alert", "resources": [other]}
    answer = plan(system, {"name": "alerts", "place": "wave", "check": check})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["path"] == "policy.gates[0].check"
    assert "reads the alerts of one subscription" in error["message"]


def test_a_secret_that_is_not_there_is_found_before_anything_begins(
    system: System, host: AskedHost
) -> None:
    asked = gate(host.says("/g", YES), "wave")
    asked["check"]["headers"] = {"Authorization": {"secret": "NOWHERE"}}
    waves = [
        {"name": "canary", "scaleSets": system.small(1)},
        {"name": "prod", "scaleSets": system.small(1), "policy": {"gates": [asked]}},
    ]
    answer = system.start_fleet(waves)
    assert (answer.status_code, answer.json()["title"]) == (400, "A gate cannot be asked")
    [error] = answer.json()["errors"]
    assert error["path"] == "waves[1].policy.gates[0].check.headers.Authorization"
    assert "NOWHERE" in error["message"]
