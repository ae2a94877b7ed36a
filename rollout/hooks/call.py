"""What a hook is called with."""

from typing import Any

from rollout.base import Activity, Value, fingerprint_of
from rollout.gates import Answered
from rollout.hooks.hook import Hook, HookPlace
from rollout.hooks.target import HookTarget
from rollout.inventory import ScaleSetIdField


class HookCall(Value):
    """One call of one hook about these instances, by id, each with what came of it so far. `number`
    tells the times apart at which a batch is drained and put back: a call that is repeated has the
    same one. `attempt` counts the repetitions; `back` while the rollout puts everything back.
    """

    rollout_id: str
    run: str = ""
    hook: Hook
    scale_set: ScaleSetIdField
    instances: dict[str, str]
    number: int
    batch: int = 0
    batches: int = 0
    back: bool = False
    attempt: int = 1

    @property
    def id(self) -> str:
        """The same for each repetition, and for nothing else."""
        about = [self.rollout_id, self.run, self.number, self.hook.name, sorted(self.instances)]
        return fingerprint_of(about)

    @property
    def drains(self) -> bool:
        return self.hook.place is HookPlace.BEFORE_BATCH

    def document(self, targets: list[HookTarget]) -> dict[str, Any]:
        """The JSON that is posted."""
        beside = {} if self.hook.call.body is None else {"body": self.hook.call.body}
        return {
            "id": self.id,
            "hook": self.hook.name,
            "place": self.hook.place,
            "attempt": self.attempt,
            "rollout": self.rollout_id,
            "scaleSet": str(self.scale_set),
            "batch": self.batch,
            "batches": self.batches,
            "rollingBack": self.back,
            "instances": [target.to_json() for target in targets],
            **beside,
        }


CALL_HOOK = Activity("call_hook", HookCall, Answered)
"""Calls once. It may run twice: then it is called twice, with the same id."""
