"""The activity that asks a gate: one question, one answer."""

import asyncio
from collections.abc import Sequence

from activities.bindings import GateActivity
from activities.callbacks import target_errors
from activities.http_calls import ask_http, call_errors
from monitor import ask_alerts, ask_logs, ask_metrics
from rollout.base import FieldError, spoken
from rollout.gates import (
    ASK_GATE,
    AlertGate,
    Answered,
    CallbackGate,
    Gate,
    GateQuestion,
    GateTrial,
    HttpGate,
    MetricGate,
    QueryGate,
    host_of,
)
from rollout.plan import Policy


async def _ask(question: GateQuestion) -> Answered:
    """What the gate says now. Whatever keeps it from an answer is no failure: it could not tell."""
    match question.gate.check:
        case HttpGate() as check:
            return await ask_http(check, check.body)
        case AlertGate() as check:
            return await ask_alerts(check, question)
        case MetricGate() as check:
            return await ask_metrics(check, question)
        case QueryGate() as check:
            return await ask_logs(check, question)
        case CallbackGate():
            raise TypeError("a gate that is answered later is asked by post_question")


def gate_errors(policy: Policy) -> list[FieldError]:
    """What is known to be wrong with its gates without asking them: secrets that are not there,
    addresses that are never called.
    """
    return [
        FieldError(path=f"policy.gates[{number}].check.{error.path}", message=error.message)
        for number, gate in enumerate(policy.gates)
        for error in _errors(gate)
    ]


def _errors(gate: Gate) -> list[FieldError]:
    match gate.check:
        case HttpGate() as check:
            return call_errors(check)
        case CallbackGate() as check:
            return target_errors(check.target)
        case _:
            return []


async def try_gates(questions: Sequence[GateQuestion]) -> list[GateTrial]:
    """What each gate of a plan says now, asked once."""
    return list(await asyncio.gather(*map(_tried, questions)))


async def _tried(question: GateQuestion) -> GateTrial:
    gate = question.gate
    if isinstance(gate.check, CallbackGate):
        return GateTrial.untried(gate, _would_ask(gate, gate.check))
    return GateTrial.of(gate, await _ask(question))


def _would_ask(gate: Gate, check: CallbackGate) -> str:
    """A plan begins nothing: who is asked may start real work."""
    within = spoken(gate.timeout)
    return f"would be asked: POST {host_of(check.url)}, which has {within} to answer"


GATES = {"ask_gate": GateActivity(ASK_GATE, _ask)}
"""By the names under which orchestrators call them."""
