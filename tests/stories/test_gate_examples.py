"""Each example of docs/gates.md is a policy that works."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from answering import ALLOWS_LOOPBACK, answering
from story import NEW, System

PAGE = Path(__file__).parents[2] / "docs/gates.md"
ALL = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
OF_WAVES = [example for example in ALL if '"wave"' in example]
EXAMPLES = [example for example in ALL if example not in OF_WAVES]
ANSWER: Any = {
    "errorRate": 0.002,
    "state": "passed",
    "data": {"result": [{"value": [1780000000, "0.21"]}]},
}


def test_there_are_examples() -> None:
    assert (len(EXAMPLES) >= 3, len(OF_WAVES)) == (True, 1)


def monitored(system: System, scale_set: str) -> None:
    """What the examples ask Azure Monitor for."""
    name = scale_set.rpartition("/")[2]
    for number in range(2):
        series = {"name": "Percentage CPU", "dimensions": {"VMName": f"{name}_{number}"}}
        body = {"resource": scale_set, "value": 40, **series}
        assert system.azure.post("/_sim/metrics", json=body).is_success
    table = {"columns": {"failed": "real"}, "rows": [[0.2]]}
    assert system.azure.post("/_sim/logs", json={"table": table}).is_success


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_passes_at_the_plan_and_in_a_rollout(
    system: System, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    monkeypatch.setenv("ROLLOUT_SECRET_CHECKS", "Bearer hush")
    monkeypatch.setenv("ROLLOUT_SECRET_CHECKS_KEY", "hush")
    later = '"callback"' in example
    with answering() as host:
        host.says_back = {"verdict": "pass"}
        paths = re.findall(r"https://checks\.contoso\.com(/[^\"?]*)", example)
        for path in paths:
            host.says(path, (200, ANSWER))
        policy = json.loads(example.replace("https://checks.contoso.com", host.url))
        scale_set = system.scale_set(capacity=2, updateDomains=2)
        monitored(system, scale_set)
        plan = system.plan(scale_set, policy=policy)
        verdicts = {gate.get("verdict") for gate in plan["gates"]}
        assert verdicts == {None if later else "pass"}, plan["gates"]
        assert system.run(scale_set, policy=policy)["phase"] == "Succeeded"
        assert all(host.times(path) > (not later) for path in paths)


@pytest.mark.parametrize("example", OF_WAVES)
def test_an_example_of_gates_between_waves_passes_in_a_fleet_rollout(
    system: System, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    with answering() as host:
        host.says_back = {"verdict": "pass"}
        for path in re.findall(r"https://checks\.contoso\.com(/[^\"?]*)", example):
            host.says(path, (200, ANSWER))
        policy = json.loads(example.replace("https://checks.contoso.com", host.url))
        waves = [
            {"name": f"wave {at}", "scaleSets": [one]} for at, one in enumerate(system.small(2))
        ]
        body = {"image": {"version": NEW}, "waves": waves, "policy": policy}
        plan = system.api.post("/api/fleet-rollouts/plan", json=body).json()
        assert [gate.get("verdict") for gate in plan["gates"]] == ["pass", "pass", None]
        fleet = system.start_fleet(waves, policy=policy).json()["id"]
        view = system.finish_fleet(fleet)
        assert view["phase"] == "Succeeded", view["message"]
        assert (host.times("/checkout"), host.times("/runs")) == (1 + 2 * 2, 2)
