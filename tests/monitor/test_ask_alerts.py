"""What the app makes of Azure Monitor's alerts."""

from asyncio import run
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from arm_world import World
from monitored import BALANCER, GROUP, fire

from local.arm.model.fault import Denied, DropConnection, Fault, Rewrite, ServerError, Throttle
from monitor import ask_alerts
from rollout.gates import AlertGate, Answered, GateQuestion, GateVerdict

type Question = Callable[..., GateQuestion]
WEB = f"{GROUP}/Microsoft.Compute/virtualMachineScaleSets/web"


def ask(question: Question, place: str = "afterBatch", **fields: Any) -> Answered:
    gate = AlertGate.from_request({"kind": "alert", **fields})
    return run(ask_alerts(gate, question(gate, place)))


def test_it_passes_fails_and_passes_again_once_the_alert_is_resolved(
    world: World, question: Question
) -> None:
    assert ask(question).verdict is GateVerdict.PASSED
    name = fire(world, resource=f"{WEB}/virtualMachines/1")
    failed = ask(question)
    assert (failed.verdict, failed.message) == ("fail", "1 alert fired: errors (Sev1)")
    world.http.put(f"/_sim/alerts/{name}")
    assert ask(question).verdict is GateVerdict.PASSED


def test_others_alerts_are_others_unless_they_are_named(world: World, question: Question) -> None:
    fire(world)
    assert ask(question).verdict is GateVerdict.PASSED
    assert ask(question, resources=[BALANCER]).verdict is GateVerdict.FAILED
    assert ask(question, rules=["errors"]).verdict is GateVerdict.FAILED
    assert ask(question, rules=["errors"], severity="Sev0").verdict is GateVerdict.PASSED


@pytest.mark.parametrize(
    ("minutes", "place", "expected"),
    [
        (5, "afterBatch", "fail"),
        (12, "afterBatch", "pass"),
        (12, "bake", "pass"),
        (12, "beforeBatch", "fail"),
        (12, "end", "fail"),
        (20, "beforeBatch", "pass"),
    ],
)
def test_what_fired_before_is_not_the_batchs(
    world: World, question: Question, minutes: int, place: str, expected: str
) -> None:
    fire(world, resource=WEB)
    world.pass_time(60 * minutes)
    assert ask(question, place).verdict == expected


def test_a_batch_of_days_ago_still_has_its_alerts(world: World, question: Question) -> None:
    fire(world, resource=WEB)
    world.pass_time(9 * 86400)
    since = world.azure.clock.now() - timedelta(days=10)
    gate = AlertGate.from_request({"kind": "alert"})
    answered = run(ask_alerts(gate, question(gate, since=since, began=since)))
    assert answered.verdict is GateVerdict.FAILED


def test_older_pages_are_not_asked_for(world: World, question: Question) -> None:
    for _ in range(600):
        fire(world, resource=WEB)
    world.pass_time(1800)
    fire(world, resource=BALANCER)
    world.http.delete("/_sim/requests")
    assert ask(question).verdict is GateVerdict.PASSED
    assert len(world.azure.requests.all()) == 1


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        (Denied(), "unknown", "needs the role Monitoring Reader on /subscriptions/"),
        (ServerError(status=500), "unknown", "InternalServerError"),
        (DropConnection(), "unknown", "could not read the alerts of"),
        (Rewrite(path="alerts", body={"value": None}), "unknown", "could not read the alerts"),
        (Rewrite(path="alerts", body=[1]), "unknown", "could not read the alerts"),
        (Rewrite(path="alerts", body={"value": [{}]}), "unknown", "cannot be read"),
        (Rewrite(path="alerts", status=302), "unknown", "could not read the alerts"),
        (
            Rewrite(path="alerts", body={"value": [], "nextLink": "https://evil.example/x"}),
            "unknown",
            "leads away from 127.0.0.1",
        ),
        (Throttle(retry_after=600), "notYet", "asked again after 10 min"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_failure(
    world: World, question: Question, fault: Fault, verdict: str, said: str
) -> None:
    fire(world, resource=WEB)
    world.fault(fault)
    answered = ask(question)
    assert (answered.verdict, said in answered.message) == (verdict, True), answered.message


def test_a_short_wait_is_waited_for_and_a_long_one_said(world: World, question: Question) -> None:
    world.fault(Throttle(retry_after=600))
    answered = ask(question)
    assert answered.after == timedelta(minutes=10)


def test_no_provider_is_registered_by_the_way(world: World, question: Question) -> None:
    body = {
        "error": {
            "code": "MissingSubscriptionRegistration",
            "message": "The subscription is not registered to use namespace "
            "'Microsoft.AlertsManagement'. See https://aka.ms/rps-not-found for how to register "
            "subscriptions.",
        }
    }
    world.fault(Rewrite(path="alerts", status=409, body=body))
    answered = ask(question)
    assert answered.verdict is GateVerdict.UNKNOWN
    assert {each.method for each in world.azure.requests.all()} == {"GET"}
