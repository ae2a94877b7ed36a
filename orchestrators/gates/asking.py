"""Asks the operator about a gate or a hook that keeps what is under way."""

from typing import Any

from orchestrators.engine import Steps, rest, wait_for_decision
from orchestrators.gates.run import AskingRun
from rollout.gates import GateNotPassed
from rollout.hooks import HookNotDone
from rollout.run import Command


def ask_about(
    run: AskingRun[Any, Any, Any], where: str, failed: GateNotPassed | HookNotDone, advice: str
) -> Steps[Command | None]:
    """The decision; None if something else was said. Raises Concluded if the operator wants the
    end, or says nothing in time.
    """
    rest(run)
    message = f"Paused {where}: {failed.reason}. {advice}"

    def late() -> str:
        why = f"{failed.reason} ({where}), and no decision was made in time"
        return run.ending.stopped(why)

    hook, gate = (failed.name, None) if isinstance(failed, HookNotDone) else (None, failed.name)
    until = failed.asked_until or run.deadline
    return (yield from wait_for_decision(run, message, until, late, gate, hook))
