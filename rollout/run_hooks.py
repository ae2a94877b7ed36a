"""What a rollout's hooks mean for it: what they are called with, and what follows if one fails."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rollout.base import ArmError, EventKind, named
from rollout.gates import Answered, GatePlace
from rollout.hooks import Hook, HookCall, HookNotDone, HookPlace, Owed
from rollout.inventory import Instance
from rollout.plan import Batch, RolloutRequest
from rollout.run import (
    Ask,
    Conclusion,
    GateSite,
    Progress,
    RolloutOrder,
    State,
    events_since_start,
)

_UNKNOWN = "unknown"


@dataclass(frozen=True)
class HookSite:
    """Before or after which batch hooks are called."""

    place: HookPlace
    batch: Batch

    def number(self, progress: Progress) -> int:
        """The number of that batch: of the one that is to begin, or has begun last."""
        return self._as_of_gates.number(progress)

    def named(self, progress: Progress) -> str:
        """In a sentence: "after batch 2 of 5 (update domain 1)"."""
        return self._as_of_gates.named(progress)

    def fails(self, progress: Progress, failed: HookNotDone) -> Ask | Conclusion:
        """What follows if a hook with the action fail is not done: what the policy says."""
        reason = f"{failed.reason} ({self.named(progress)})"
        action = progress.order.request.policy.on_failure
        return self._as_of_gates.fails(progress, reason, action)

    @property
    def _as_of_gates(self) -> GateSite:
        return GateSite(GatePlace(self.place.value), self.batch)

    def call(self, progress: Progress, hook: Hook, number: int, attempt: int) -> HookCall:
        """What the hook is called with; after a batch also with those that it has yet to be called
        with from before.
        """
        owed = progress.owed.hooks.get(hook.name, []) if progress.owed else []
        ids = owed if self.place is HookPlace.AFTER_BATCH else self.batch.instance_ids
        return _call(progress, hook, ids, number, self.number(progress), attempt)


def call_back(progress: Progress, owed: Owed, hook: Hook, attempt: int) -> HookCall:
    """What a hook is called with that has yet to put instances back."""
    return _call(progress, hook, owed.hooks[hook.name], owed.number, owed.batch, attempt)


def _call(
    progress: Progress, hook: Hook, ids: Sequence[str], number: int, batch: int, attempt: int
) -> HookCall:
    cells = progress.tally.cells
    states = {each: cells[each].state if each in cells else _UNKNOWN for each in ids}
    names = computer_names(progress.baseline.instances.values())
    return HookCall(
        rollout_id=progress.order.id,
        run=progress.order.run,
        hook=hook,
        scale_set=progress.order.request.scale_set,
        instances=states,
        number=number,
        batch=batch,
        batches=progress.batches,
        back=progress.rolling_back,
        attempt=attempt,
        names={each: names[each] for each in ids if each in names},
    )


def computer_names(instances: Iterable[Instance]) -> dict[str, str]:
    """By id, as far as they are known."""
    return {each.instance_id: each.computer_name for each in instances if each.computer_name}


def order_by_log(rollout_id: str, record: State) -> RolloutOrder | None:
    """What a rollout was started with whose orchestration was purged; None if no line says so."""
    first = next(iter(events_since_start(record)), None)
    if first is None or first["kind"] != EventKind.STARTED:
        return None
    said = first["evidence"]
    request = RolloutRequest.from_json(said["request"])
    return RolloutOrder(id=rollout_id, request=request, run=said.get("run", ""))


def calls_left(order: RolloutOrder, owed: Owed, names: Mapping[str, str]) -> list[HookCall]:
    """The calls that a rollout which was ended from outside has left. `names` are its instances'
    computer names, by id.
    """
    return [
        HookCall(
            rollout_id=order.id,
            run=order.run,
            hook=hook,
            scale_set=order.request.scale_set,
            instances=dict.fromkeys(owed.hooks[hook.name], _UNKNOWN),
            number=owed.number,
            batch=owed.batch,
            names={each: names[each] for each in owed.hooks[hook.name] if each in names},
        )
        for hook in order.request.policy.hooks
        if hook.name in owed.hooks
    ]


def unread_addresses(error: ArmError) -> Answered:
    """A call that has failed, because what the hook asks for could not be read."""
    after = None if error.retry_after is None else timedelta(seconds=error.retry_after)
    unread = Answered.unknown(f"the private addresses could not be read: {error}")
    return unread.model_copy(update={"after": after})


def not_yet_put_back(names: Iterable[str], instance_ids: Sequence[str], why: str) -> str:
    """The same while the rollout goes on to try it."""
    return (
        f"Hook {', '.join(names)} could not yet be told to put back {len(instance_ids)} "
        f"instance(s): {named(instance_ids)}. {why.rstrip('.')}. It is called again"
    )


def put_back_unseen(names: Iterable[str], instance_ids: Sequence[str]) -> str:
    """The same of hooks that have been told, when nobody is left to hear what they answer later."""
    return (
        f"Hook {', '.join(names)} was told to put back {len(instance_ids)} instance(s): "
        f"{named(instance_ids)}. It answers later, and the rollout that would hear it has ended: "
        "see for yourself that they are back"
    )


def not_put_back(names: Iterable[str], instance_ids: Sequence[str], why: str) -> str:
    """The sentence about instances that hooks could not be told to put back."""
    return (
        f"Hook {', '.join(names)} could not be told to put back {len(instance_ids)} instance(s): "
        f"{named(instance_ids)}. {why.rstrip('.')}. They may still be drained: put them back by "
        "hand"
    )
