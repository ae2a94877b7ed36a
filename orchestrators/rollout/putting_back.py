"""Calls hooks where nobody may be kept waiting: at every turn of a rollout, and at its end."""

from collections.abc import Callable, Sequence
from datetime import datetime

from orchestrators.engine import LONG_WAIT, Steps
from orchestrators.rollout.hook_calls import (
    answers_by,
    call_hook,
    has_answered,
    owing_hooks,
    withdraw,
    withdraw_drains,
)
from orchestrators.rollout.run import RolloutRun
from rollout.base import EventKind
from rollout.gates import GateVerdict
from rollout.hooks import AT_THE_END, MEANWHILE, Hook, HookPlace, Owed, Tries
from rollout.plan import Batch
from rollout.run_hooks import HookSite, call_back, not_put_back, not_yet_put_back


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
    run.progress = run.progress.forgetting_addresses(ids)
    for hook in policy.hooks_at(HookPlace.AFTER_BATCH):
        withdraw(run, hook)  # what it was asked is about an earlier drain
    if after:
        owed = Owed.by(after, ids, run.progress.owed).numbered(line, number)
        run.progress = run.progress.owing(owed)
    return line


def put_back_now(run: RolloutRun) -> Steps[None]:
    """Before a rollout waits for something else, or goes another way: call the hooks that have yet
    to put instances back. What is not done soon is tried again later.
    """
    withdraw_drains(run)
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
    withdraw_drains(run)
    if run.progress.owed:
        run.report("Putting back what hooks have drained")
        yield from _put_back(run, AT_THE_END)
    owed = run.progress.owed
    if owed is None:
        return None
    for hook in owing_hooks(run):
        withdraw(run, hook)  # whoever answers now must not think that it counts
    message = not_put_back(owed.hooks, owed.instance_ids, _last_said(run, owed))
    run.recorder.write(EventKind.NOT_PUT_BACK, message, owed=owed.hooks)
    run.progress = run.progress.owing(None)
    run.publish()
    return message


def _put_back(run: RolloutRun, tries: Tries) -> Steps[None]:
    def call(hook: Hook, attempt: int) -> Steps[None]:
        owed = run.progress.owed
        if owed and hook.name in owed.hooks:  # else it was heard meanwhile
            longest = tries.answer_within if tries is AT_THE_END else hook.timeout
            expires = run.now + min(hook.timeout, longest)
            yield from call_hook(run, call_back(run.progress, owed, hook, attempt), expires)

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
        expires = run.now + min(hook.timeout, MEANWHILE.answer_within)
        answered = yield from call_hook(run, task, expires)
        if answered.verdict is GateVerdict.PASSED:
            waiting.remove(hook)

    run.report(f"Draining {site.named(run.progress).removeprefix('before ')}")
    yield from _in_rounds(run, MEANWHILE, lambda: list(waiting), call)
    for hook in waiting:
        withdraw(run, hook)
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
            later = run.now < run.call_again.get(hook.name, run.now)
            if rounds == 1 or (run.now - began <= tries.within and not later):
                yield from call(hook, rounds)
        pause = tries.pause_after(rounds, run.now - began)
        if pause is None or not left():
            break
        yield from run.activities.sleep(pause)
    yield from _await_answers(run, began + tries.answer_within, left, call, rounds)


def _await_answers(
    run: RolloutRun,
    until: datetime,
    left: Callable[[], Sequence[Hook]],
    call: Callable[[Hook, int], Steps[None]],
    rounds: int,
) -> Steps[None]:
    """Who has taken the call, and answers later, is given until then: called again when it says
    so, and not if its time is over earlier.
    """
    while True:
        for hook in left():
            if has_answered(run, hook) or (run.now < until and _is_due(run, hook)):
                rounds += 1
                yield from call(hook, rounds)
        moments = [at for hook in left() if (at := _next_moment(run, hook, until))]
        if run.now >= until or not moments:
            return
        yield from run.events.sleep_until(min(until, *moments))


def _is_due(run: RolloutRun, hook: Hook) -> bool:
    """Whether it is to be called again now, because it has said so."""
    at = run.call_again.get(hook.name)
    return at is not None and at <= run.now and answers_by(run, hook) is None


def _next_moment(run: RolloutRun, hook: Hook, until: datetime) -> datetime | None:
    """When to see to it; None if there is nothing to wait for until then."""
    if has_answered(run, hook):
        return run.now
    if by := answers_by(run, hook):
        return by
    at = run.call_again.get(hook.name)
    return at if at and at < until else None
