"""Calls hooks where nobody may be kept waiting: at every turn of a rollout, and at its end."""

from collections.abc import Callable, Sequence

from orchestrators.engine import LONG_WAIT, Steps
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind
from rollout.gates import Answered, GateSaid, GateVerdict
from rollout.hooks import AT_THE_END, CALL_HOOK, MEANWHILE, Hook, HookCall, HookPlace, Owed, Tries
from rollout.plan import Batch
from rollout.run_hooks import HookSite, call_back, not_put_back, not_yet_put_back


def call_hook(run: RolloutRun, call: HookCall) -> Steps[Answered]:
    """One call, and what was answered. Whatever keeps it from an answer: it could not be told."""
    answered = yield from run.activities.call_once(CALL_HOOK, call)
    if isinstance(answered, ArmError):
        answered = Answered.unknown(str(answered))
    said = GateSaid(verdict=answered.verdict, message=answered.message, at=run.now)
    run.progress = run.progress.called(call.hook.name, said)
    if answered.verdict is GateVerdict.PASSED and not call.drains:
        note_put_back(run, call.hook)
    return answered


def note_put_back(run: RolloutRun, hook: Hook) -> None:
    """That hook has put back what it had to; the log says so once all have."""
    owed = run.progress.owed
    left = owed and owed.without(hook.name)
    run.progress = run.progress.owing(left)
    if owed and left is None:
        message = f"Put back {len(owed.instance_ids)} instance(s) of batch {owed.batch}"
        run.recorder.write(EventKind.PUT_BACK, message, instanceIds=owed.instance_ids)


def owe(run: RolloutRun, site: HookSite) -> int:
    """Before any hook is called that may drain this batch: note what is to be put back, in the
    progress and in the log, from which others go on. Returns the number of that line.
    """
    policy, number = run.request.policy, site.number(run.progress)
    before, after = (
        [hook.name for hook in policy.hooks_at(place)]
        for place in (HookPlace.BEFORE_BATCH, HookPlace.AFTER_BATCH)
    )
    ids = site.batch.instance_ids
    where = site.named(run.progress).removeprefix("before ")
    message = f"Hooks of {where}: {', '.join(before) or 'none'} before it, "
    run.recorder.write(
        EventKind.HOOKS_DUE,
        f"{message}{', '.join(after) or 'none'} after it",
        number=number,
        instanceIds=ids,
        putBack=after,
    )
    line = run.recorder.position[-1]
    if after:
        owed = Owed.by(after, ids, run.progress.owed).numbered(line, number)
        run.progress = run.progress.owing(owed)
    return line


def put_back_now(run: RolloutRun) -> Steps[None]:
    """Before a rollout waits for something else, or goes another way: call the hooks that have yet
    to put instances back. What is not done soon is tried again later.
    """
    if owed := run.progress.owed:
        run.report(f"Putting back the instances of batch {owed.batch}")
        yield from _put_back(run, MEANWHILE)


def put_back_meanwhile(run: RolloutRun) -> Steps[None]:
    """The same once it has waited for a long time, and now and then after that. The status goes on
    to say what it waits for; the log says once what stays drained.
    """
    owed = run.progress.owed
    if owed is None or (owed.tried and run.now - owed.tried < LONG_WAIT):
        return
    run.progress = run.progress.owing(owed.tried_at(run.now))
    yield from _put_back(run, MEANWHILE)
    run.publish()
    if (left := run.progress.owed) and not owed.tried:
        names = ", ".join(left.hooks)
        message = not_yet_put_back(left.hooks, left.instance_ids, _last_said(run, left))
        run.recorder.write(EventKind.HOOK_NOTED, message, hook=names)


def _last_said(run: RolloutRun, owed: Owed) -> str:
    """What the last of these hooks has answered."""
    said = [run.progress.hooks[name].message for name in owed.hooks if name in run.progress.hooks]
    return said[-1] if said else ""


def put_back_at_last(run: RolloutRun) -> Steps[str | None]:
    """The same at the end of a rollout; returns which instances may still be drained, and why."""
    if run.progress.owed:
        run.report("Putting back what hooks have drained")
        yield from _put_back(run, AT_THE_END)
    owed = run.progress.owed
    if owed is None:
        return None
    message = not_put_back(owed.hooks, owed.instance_ids, _last_said(run, owed))
    run.recorder.write(EventKind.NOT_PUT_BACK, message, owed=owed.hooks)
    run.progress = run.progress.owing(None)
    return message


def owing_hooks(run: RolloutRun) -> list[Hook]:
    """Those that have yet to put instances back."""
    owed = run.progress.owed
    hooks = run.request.policy.hooks_at(HookPlace.AFTER_BATCH)
    return [hook for hook in hooks if owed and hook.name in owed.hooks]


def _put_back(run: RolloutRun, tries: Tries) -> Steps[None]:
    def call(hook: Hook, attempt: int) -> Steps[None]:
        if owed := run.progress.owed:
            yield from call_hook(run, call_back(run.progress, owed, hook, attempt))

    yield from _in_rounds(run, tries, lambda: owing_hooks(run), call)


def drain_now(run: RolloutRun, batch: Batch) -> Steps[None]:
    """Before a batch of the way back. It repairs: so no hook can hold it up, or fail it."""
    policy = run.request.policy
    if not policy.hooks:
        return
    site = HookSite(HookPlace.BEFORE_BATCH, batch)
    number, waiting = owe(run, site), list(policy.hooks_at(HookPlace.BEFORE_BATCH))

    def call(hook: Hook, attempt: int) -> Steps[None]:
        task = site.call(run.progress, hook, number, attempt)
        answered = yield from call_hook(run, task)
        if answered.verdict is GateVerdict.PASSED:
            waiting.remove(hook)

    run.report(f"Draining {site.named(run.progress).removeprefix('before ')}")
    yield from _in_rounds(run, MEANWHILE, lambda: list(waiting), call)
    for hook in waiting:
        said = run.progress.hooks[hook.name].message
        message = f"Hook {hook.name} is not done, and the way back waits for no hook: {said}"
        run.recorder.write(EventKind.HOOK_NOTED, message, hook=hook.name)


def _in_rounds(
    run: RolloutRun,
    tries: Tries,
    left: Callable[[], Sequence[Hook]],
    call: Callable[[Hook, int], Steps[None]],
) -> Steps[None]:
    began, rounds = run.now, 0
    while hooks := left():
        rounds += 1
        for hook in hooks:
            if rounds == 1 or run.now - began <= tries.within:
                yield from call(hook, rounds)
        pause = tries.pause_after(rounds, run.now - began)
        if pause is None or not left():
            return
        yield from run.activities.sleep(pause)
