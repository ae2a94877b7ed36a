"""Gates: what else must hold before a rollout goes on, and what its answers come to."""

from rollout.gates.answered import Answered, GateVerdict
from rollout.gates.callback import CallbackGate
from rollout.gates.gate import MOST_GATES, Gate, GatePlace, Weight
from rollout.gates.http import HttpGate
from rollout.gates.question import ASK_GATE, GateQuestion
from rollout.gates.state import GateDecision, GateState, LookAgain, NotPassed, Passed
from rollout.gates.target import host_of

__all__ = [
    "ASK_GATE",
    "MOST_GATES",
    "Answered",
    "CallbackGate",
    "Gate",
    "GateDecision",
    "GatePlace",
    "GateQuestion",
    "GateState",
    "GateVerdict",
    "HttpGate",
    "LookAgain",
    "NotPassed",
    "Passed",
    "Weight",
    "host_of",
]
