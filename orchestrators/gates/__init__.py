"""Asks gates, and people, before a rollout or a fleet rollout goes on."""

from orchestrators.gates.asking import ask_about
from orchestrators.gates.keeper import GatesSite, Keeper
from orchestrators.gates.questions import answer_to, ask_by_callback
from orchestrators.gates.run import AskingRun

__all__ = [
    "AskingRun",
    "GatesSite",
    "Keeper",
    "answer_to",
    "ask_about",
    "ask_by_callback",
]
