"""The activity that asks a gate: one question, one answer."""

import asyncio
import json
from datetime import datetime

from activities.bindings import GateActivity
from activities.callbacks import target_errors
from monitor import ask_alerts, ask_logs, ask_metrics
from outbound import NoReply, Outgoing, reach, url_refusal
from rollout.base import FieldError, Secret, spoken
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
from rollout.plan import Plan, Policy, RolloutRequest
from settings import read_outbound, read_secret, revealed, why_lacking


async def _ask(question: GateQuestion) -> Answered:
    """What the gate says now. Whatever keeps it from an answer is no failure: it could not tell."""
    match question.gate.check:
        case HttpGate() as check:
            return await _ask_http(check)
        case AlertGate() as check:
            return await ask_alerts(check, question)
        case MetricGate() as check:
            return await ask_metrics(check, question)
        case QueryGate() as check:
            return await ask_logs(check, question)
        case CallbackGate():
            raise TypeError("a gate that is answered later is asked by post_question")


async def _ask_http(check: HttpGate) -> Answered:
    try:
        outgoing = _outgoing(check)
    except LookupError as error:
        return Answered.unknown(str(error))
    reply = await reach(outgoing, read_outbound())
    if isinstance(reply, NoReply):
        return Answered.unknown(reply.reason)
    return check.judged(reply.status, _without_secrets(reply.body, check), reply.retry_after)


def _without_secrets(body: bytes, check: HttpGate) -> bytes:
    """What a host answers is logged: some answer what they were sent."""
    for name in check.secrets:
        body = body.replace(read_secret(name).encode(), b"(hidden)")
    return body


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
            return _errors_of_http(check)
        case CallbackGate() as check:
            return target_errors(check.target)
        case _:
            return []


def _errors_of_http(check: HttpGate) -> list[FieldError]:
    values = {"url": check.url, **{f"headers.{name}": each for name, each in check.headers.items()}}
    named = {path: each for path, each in values.items() if isinstance(each, Secret)}
    missing = [
        FieldError(path=path, message=why)
        for path, each in named.items()
        if (why := why_lacking(each.secret))
    ]
    if any(error.path == "url" for error in missing):
        return missing
    refused = url_refusal(revealed(check.url), read_outbound())
    return [*missing, *([FieldError(path="url", message=refused)] if refused else [])]


async def try_gates(request: RolloutRequest, plan: Plan, now: datetime) -> list[GateTrial]:
    """What each gate of the plan says now, asked once."""
    trials = [_tried(request, plan, gate, now) for gate in request.policy.gates]
    return list(await asyncio.gather(*trials))


async def _tried(request: RolloutRequest, plan: Plan, gate: Gate, now: datetime) -> GateTrial:
    if isinstance(gate.check, CallbackGate):
        return GateTrial.untried(gate, _would_ask(gate, gate.check))
    question = GateQuestion(
        rollout_id=request.id or "plan",
        gate=gate,
        place=gate.place,
        scale_set=request.scale_set,
        instance_ids=plan.batches[0].instance_ids if plan.batches else [],
        since=now,
        began=now,
        now=now,
    )
    return GateTrial.of(gate, await _ask(question))


def _would_ask(gate: Gate, check: CallbackGate) -> str:
    """A plan begins nothing: who is asked may start real work."""
    within = spoken(gate.timeout)
    return f"would be asked: POST {host_of(check.url)}, which has {within} to answer"


def _outgoing(check: HttpGate) -> Outgoing:
    """Raises LookupError if a secret is not there."""
    headers = {name: revealed(value) for name, value in check.headers.items()}
    body, kind = _encoded(check.body)
    given = {name.lower() for name in headers}
    kinds = {"Content-Type": kind} if kind and "content-type" not in given else {}
    return Outgoing(
        check.sent_as, revealed(check.url), {**kinds, **headers}, body, check.answer_within
    )


def _encoded(body: object) -> tuple[bytes | None, str | None]:
    if body is None:
        return None, None
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


GATES = {"ask_gate": GateActivity(ASK_GATE, _ask)}
"""By the names under which orchestrators call them."""
