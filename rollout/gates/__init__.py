"""Gates: what else must hold before a rollout goes on, and what its answers come to."""

from rollout.gates.alert import AlertGate, SeenAlert, Severity
from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.callback import GATE, CallbackCall, CallbackGate
from rollout.gates.gate import MOST_GATES, Gate, GatePlace, Weight
from rollout.gates.http import HttpGate
from rollout.gates.http_call import HttpCall
from rollout.gates.metric import ComparedTo, MetricGate, MetricReading, by_instance
from rollout.gates.name import CheckName
from rollout.gates.query import LogTable, QueryGate
from rollout.gates.question import ASK_GATE, GateQuestion
from rollout.gates.round import GateNotPassed, GateRound
from rollout.gates.shown import STATIC, GateLine, GateSaid, completed, gate_lines
from rollout.gates.state import GateDecision, GateState, LookAgain, NotPassed, Passed
from rollout.gates.target import host_of
from rollout.gates.trial import GateTrial

__all__ = [
    "ASK_GATE",
    "GATE",
    "MOST_GATES",
    "STATIC",
    "AlertGate",
    "Answered",
    "CallbackCall",
    "CallbackGate",
    "CheckName",
    "ComparedTo",
    "Gate",
    "GateDecision",
    "GateLine",
    "GateNotPassed",
    "GatePlace",
    "GateQuestion",
    "GateRound",
    "GateSaid",
    "GateState",
    "GateTrial",
    "GateVerdict",
    "HttpCall",
    "HttpGate",
    "LogTable",
    "LookAgain",
    "MetricGate",
    "MetricReading",
    "NotPassed",
    "Passed",
    "QueryGate",
    "SeenAlert",
    "Severity",
    "Weight",
    "by_instance",
    "completed",
    "gate_lines",
    "host_of",
]
