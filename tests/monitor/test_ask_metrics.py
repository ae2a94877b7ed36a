"""What the app makes of Azure Monitor's metrics."""

from asyncio import run
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from arm_world import World
from monitored import BALANCER, CPU, measure

from local.arm.model.fault import Denied, DropConnection, Fault, Rewrite, Throttle
from monitor import ask_metrics
from rollout.gates import Answered, GateQuestion, GateVerdict, MetricGate

type Question = Callable[..., GateQuestion]
NETWORK: dict[str, Any] = {"resource": BALANCER}


def ask(
    question: Question, place: str = "afterBatch", /, at: Any = None, **fields: Any
) -> Answered:
    usual = {"kind": "metric", "name": CPU, "condition": "< 80"}
    gate = MetricGate.from_request(usual | fields)
    return run(ask_metrics(gate, question(gate, place, **(at or {}))))


def scale_set(world: World) -> str:
    return str(world.azure.truth("demo", "web")["id"])


def test_it_passes_and_fails_by_a_number(world: World, question: Question) -> None:
    measure(world, 34, scale_set(world))
    passed = ask(question)
    assert (passed.verdict, passed.message) == ("pass", "Percentage CPU is 34: < 80 holds")
    assert passed.evidence["samples"] == 5
    measure(world, 95, scale_set(world))
    world.pass_time(600)
    assert ask(question).verdict is GateVerdict.FAILED


def test_after_a_batch_only_what_came_with_it_counts(world: World, question: Question) -> None:
    measure(world, 95, BALANCER)
    world.pass_time(600)
    measure(world, 5, BALANCER)
    world.pass_time(600)
    wide = NETWORK | {"window": "PT20M"}
    assert ask(question, **wide).evidence == {"samples": 10, "value": 5}
    assert ask(question, "beforeBatch", **wide).evidence == {"samples": 20, "value": 50}
    now = world.azure.clock.now()
    fresh = ask(question, at={"since": now - timedelta(seconds=50)}, **wide)
    assert fresh.verdict is GateVerdict.UNKNOWN
    assert "0 minutes with a value" in fresh.message


def test_at_a_plan_it_is_tried_with_what_is_there(world: World, question: Question) -> None:
    measure(world, 5, BALANCER)
    now = world.azure.clock.now()
    tried = ask(question, at={"since": now, "began": now, "others": []}, **NETWORK)
    assert tried.message == "Percentage CPU is 5: < 80 holds"


def test_in_relation_to_before_the_rollout(world: World, question: Question) -> None:
    measure(world, 20, BALANCER)
    world.pass_time(600)
    measure(world, 30, BALANCER)
    world.pass_time(600)
    before = NETWORK | {"comparedTo": "before", "condition": "<= 160 %"}
    assert ask(question, **before).evidence["other"] == 20
    assert ask(question, **before).verdict is GateVerdict.PASSED
    assert ask(question, **before | {"condition": "<= +5"}).verdict is GateVerdict.FAILED


BESIDE: dict[str, Any] = {"comparedTo": "notUpgraded", "condition": "<= +10"}


def test_the_upgraded_beside_those_that_are_not_yet(world: World, question: Question) -> None:
    for number, value in enumerate([50, 60, 40, 50]):
        measure(world, value, scale_set(world), dimensions={"VMName": f"web_{number}"})
    answered = ask(question, **BESIDE)
    assert (answered.verdict, answered.evidence["value"], answered.evidence["other"]) == (
        "pass", 55, 45,
    )  # fmt: skip
    measure(world, 90, scale_set(world), dimensions={"VMName": "web_1"})
    world.pass_time(600)
    assert ask(question, **BESIDE).verdict is GateVerdict.FAILED
    last = ask(question, at={"others": []}, **BESIDE)
    assert "before the rollout 50" in last.message


def test_totals_are_compared_by_instance_when_nobody_is_left(
    world: World, question: Question
) -> None:
    """A total of all of them would be many times that of one."""
    for number in range(4):
        measure(world, 10, scale_set(world), dimensions={"VMName": f"web_{number}"})
    world.pass_time(600)
    for number in range(2):
        measure(world, 30, scale_set(world), dimensions={"VMName": f"web_{number}"})
    world.pass_time(300)
    began = world.azure.clock.now() - timedelta(minutes=5)
    when: dict[str, Any] = {"others": [], "began": began, "since": began}
    fields = {"comparedTo": "notUpgraded", "aggregation": "total", "condition": "<= 120 %"}
    assert ask(question, at=when, **fields).verdict is GateVerdict.FAILED


def test_more_than_ten_instances_are_compared(world: World, question: Question) -> None:
    for number in range(40):
        measure(world, 1, scale_set(world), dimensions={"VMName": f"web_{number}"})
    ids = {"instance_ids": ["30", "31"], "others": [str(each) for each in range(30)]}
    answered = ask(question, at=ids, **BESIDE)
    assert (answered.evidence["samples"], answered.evidence["otherSamples"]) == (10, 150)


@pytest.mark.parametrize("value", [None, 1])
def test_too_few_samples_are_no_verdict(
    world: World, question: Question, value: float | None
) -> None:
    measure(world, None, BALANCER)
    measure(world, value, BALANCER)
    world.pass_time(120)
    answered = ask(question, **NETWORK)
    assert answered.verdict is GateVerdict.UNKNOWN
    assert "and 3 are needed" in answered.message


def test_a_question_is_one_call_once_the_region_is_known(world: World, question: Question) -> None:
    measure(world, 1, BALANCER)
    ask(question, **NETWORK)
    world.http.delete("/_sim/requests")
    ask(question, **NETWORK)
    [call] = world.azure.requests.all()
    assert (call.method, call.path.endswith("/metrics:getBatch")) == ("POST", True)
    ask(question, comparedTo="before", condition="<= +5", **NETWORK)
    assert len(world.azure.requests.all()) == 3


BATCH = "getBatch"
FAILED: dict[str, Any] = {
    "values": [
        {
            "starttime": "2026-01-01T00:00:00Z",
            "endtime": "2026-01-01T00:05:00Z",
            "value": [
                {"id": "x", "type": "x", "name": {"value": CPU}, "unit": "Percent",
                 "timeseries": [], "errorCode": "InternalError"}
            ],
        }
    ]
}  # fmt: skip
"""The SDK does not show that the metric could not be read."""


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        (Denied(), "unknown", "needs the role Monitoring Reader on the whole subscription"),
        (DropConnection(), "unknown", "could not read Percentage CPU of"),
        (Rewrite(path=BATCH, body={}), "unknown", "cannot be read"),
        (Rewrite(path=BATCH, body=[]), "unknown", "cannot be read"),
        (Rewrite(path=BATCH, body={"values": []}), "unknown", "0 minutes"),
        (Rewrite(path=BATCH, body={"values": [{"value": [{}]}]}), "unknown", "cannot be read"),
        (Rewrite(path=BATCH, body=FAILED), "unknown", "0 minutes"),
        (Rewrite(path=BATCH, status=307), "unknown", "could not read"),
        (Throttle(retry_after=90), "notYet", "asked again after 1 min 30 s"),
    ],
)
def test_what_cannot_be_read_is_no_failure(
    world: World, question: Question, fault: Fault, verdict: str, said: str
) -> None:
    measure(world, 99, BALANCER)
    world.fault(fault)
    answered = ask(question, region="westus", **NETWORK)
    assert (answered.verdict, said in answered.message) == (verdict, True), answered.message


def test_a_metric_that_is_not_there_is_named(world: World, question: Question) -> None:
    answered = ask(question, **NETWORK)
    assert answered.verdict is GateVerdict.UNKNOWN
    assert "Failed to find metric configuration" in answered.message
    assert world.azure.requests.all()
