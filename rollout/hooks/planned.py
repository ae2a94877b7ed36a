"""The hooks of a plan: it calls none of them."""

from collections.abc import Sequence

from rollout.base import Value, counted, spoken
from rollout.gates import host_of
from rollout.hooks.hook import CallbackHook, Hook, HookPlace


class PlannedHook(Value):
    """A hook of a plan, and when it would be called."""

    name: str
    place: HookPlace
    kind: str
    action: str
    message: str

    @classmethod
    def of(cls, hook: Hook, batches: int) -> "PlannedHook":
        when = "before" if hook.place is HookPlace.BEFORE_BATCH else "after"
        more = ", with private addresses" if hook.addresses else ""
        answers = ", which answers later" if isinstance(hook.call, CallbackHook) else ""
        many = f"each of {batches} batches" if batches > 1 else counted(batches, "batch")
        return cls(
            name=hook.name,
            place=hook.place,
            kind=hook.call.kind,
            action=hook.action,
            message=f"would be called {when} {many}, for at most {spoken(hook.timeout)}{more}: "
            f"POST {host_of(hook.call.url)}{answers}",
        )


def hook_warnings(hooks: Sequence[Hook]) -> list[str]:
    """What a plan warns of."""
    drains = [hook.name for hook in hooks if hook.place is HookPlace.BEFORE_BATCH]
    backs = [hook for hook in hooks if hook.place is HookPlace.AFTER_BATCH]
    if backs or not drains:
        return []
    warning = (
        f"hook {drains[0]} drains, and no hook afterBatch puts back what it has drained: name one, "
        "unless that happens by itself"
    )
    return [warning]
