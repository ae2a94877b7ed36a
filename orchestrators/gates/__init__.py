"""Asks gates, and people, before a rollout or a fleet rollout goes on."""

from orchestrators.gates.asking import ask_about
from orchestrators.gates.keeper import GatesSite, Keeper
from orchestrators.gates.run import AskingRun

__all__ = [
    "AskingRun",
    "GatesSite",
    "Keeper",
    "ask_about",
]
