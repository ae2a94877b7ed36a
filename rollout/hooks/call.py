"""What a hook is called with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from rollout.base import Activity, Value, fingerprint_of
from rollout.callbacks import Asking
from rollout.gates import Answered
from rollout.hooks.addresses import ReadAddresses
from rollout.hooks.hook import CallbackHook, Hook, HookPlace
from rollout.hooks.target import HookTarget, name_of
from rollout.inventory import ScaleSetIdField

HOOK = "hook"
"""The kind of its questions."""


class HookCall(Value):
    """One call of one hook about these instances, by id, each with what came of it so far. `number`
    tells the times apart at which a batch is drained and put back: a call that is repeated has the
    same one. `attempt` counts the repetitions; `back` while the rollout puts everything back.
    `names` are the computer names by id, and `addresses` the private ones, if the hook asks for
    them.
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
    names: dict[str, str] = {}
    addresses: dict[str, list[str]] | None = None

    def unread(self, known: Mapping[str, list[str]]) -> ReadAddresses | None:
        """What is to be read before it is called: the addresses of those of which none are known,
        if the hook asks for them. Who puts back is told the same ones as who has drained.
        """
        ids = [each for each in self.instances if self.hook.addresses and each not in known]
        return ReadAddresses(scale_set=self.scale_set, instance_ids=ids) if ids else None

    def with_addresses(self, known: Mapping[str, list[str]]) -> Self:
        """With those of its instances; one of which none are known has none."""
        mine = {each: known.get(each, []) for each in self.instances}
        return self.model_copy(update={"addresses": mine})

    @property
    def id(self) -> str:
        """The same for each repetition, and for nothing else."""
        about = [self.rollout_id, self.run, self.number, self.hook.name, sorted(self.instances)]
        return fingerprint_of(about)

    @property
    def drains(self) -> bool:
        return self.hook.place is HookPlace.BEFORE_BATCH

    def asking(self, call: CallbackHook, instance: str, expires: datetime) -> Asking:
        """The same of a hook that is answered later, until then, to that orchestration."""
        return Asking(
            instance=instance,
            rollout_id=self.rollout_id,
            scale_set=self.scale_set,
            kind=HOOK,
            name=self.hook.name,
            place=self.hook.place,
            batch=self.batch,
            instance_ids=list(self.instances),
            expires=expires,
            target=call.target,
            more=self._said,
            call_id=self.id,
        )

    @property
    def document(self) -> dict[str, Any]:
        """The JSON that is posted."""
        beside = {} if self.hook.call.body is None else {"body": self.hook.call.body}
        return {**self._said, **beside}

    @property
    def _said(self) -> dict[str, Any]:
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
            "instances": [self._target(each).to_json() for each in self.instances],
        }

    def _target(self, instance_id: str) -> HookTarget:
        return HookTarget(
            id=instance_id,
            name=name_of(self.scale_set, instance_id),
            computer_name=self.names.get(instance_id),
            state=self.instances[instance_id],
            private_addresses=None if self.addresses is None else self.addresses[instance_id],
        )


CALL_HOOK = Activity("call_hook", HookCall, Answered)
"""Calls once. It may run twice: then it is called twice, with the same id."""
