"""Gates: what else must hold before a rollout goes on, and what its answers come to."""

from rollout.gates.answered import Answered, GateVerdict

__all__ = ["Answered", "GateVerdict"]
