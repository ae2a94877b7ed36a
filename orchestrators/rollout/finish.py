"""How a rollout ends: it says why, resumes repairs, looks at what it leaves, and lets go."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from orchestrators.engine import Steps
from orchestrators.rollout.putting_back import put_back_at_last
from orchestrators.rollout.repairs import RepairsSwitch
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError
from rollout.inventory import Inventory
from rollout.run import End, FinalState, final_message, final_state_of, known_last, preliminary

_LAST_READ_PATIENCE = timedelta(minutes=10)
"""How long the end may wait for a last look at the scale set."""


def finish(run: RolloutRun, repairs: RepairsSwitch, end: End) -> Steps[None]:
    """Everything that follows once it is certain how the rollout ends."""
    evidence = _why(run, end)
    run.progress = replace(run.progress, concluding=preliminary(run.progress, end))
    drained = yield from put_back_at_last(run)
    suspended = yield from repairs.restore()
    state = yield from _final_state(run, suspended)
    if state:
        run.progress = run.progress.leaving(state.model)
    message = final_message(run.progress, end, state)
    said = replace(end, message=f"{message} {drained}." if drained else message)
    final = {"final": state.to_json()} if state else {}
    run.finish(said, **evidence, **final)
    yield from run.leave(said)


def _why(run: RolloutRun, end: End) -> dict[str, Any]:
    """The reason of the end in full: the message quotes Azure's words, and cuts them."""
    refusal = run.refusal
    error = {"error": refusal.to_json()} if refusal and refusal.code in end.message else {}
    return {"reason": end.message, **error}


def _final_state(run: RolloutRun, repairs: str | None) -> Steps[FinalState | None]:
    """What the rollout leaves; None if it never came to look at its scale set."""
    if not (run.progress.tally.cells or run.progress.image.from_image):
        return None
    run.report("Reading what it leaves")
    inventory = _verified_now(run) or (yield from run.look(lambda: _read(run), _read_of))
    if isinstance(inventory, ArmError):
        return known_last(run.progress, str(inventory), repairs)
    return final_state_of(run.progress, inventory, repairs)


def _verified_now(run: RolloutRun) -> Inventory | None:
    """What the verification has read, if that was at this very moment."""
    at, inventory = run.verified or (None, None)
    return inventory if at == run.now else None


def _read(run: RolloutRun) -> Steps[Inventory | ArmError]:
    return (yield from run.try_to_read([], _LAST_READ_PATIENCE))


def _read_of(answer: Inventory | ArmError) -> Inventory | None:
    return None if isinstance(answer, ArmError) else answer
