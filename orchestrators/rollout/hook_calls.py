"""Calls one hook: by http, or with an address of ours at which it answers later."""

from datetime import datetime

from orchestrators.engine import Steps
from orchestrators.gates import answer_to, ask_by_callback
from orchestrators.rollout.run import RolloutRun
from rollout.base import ArmError, EventKind
from rollout.callbacks import Asking, CallbackAnswer
from rollout.gates import Answered, GateSaid, GateVerdict
from rollout.hooks import (
    CALL_HOOK,
    HOOK,
    READ_ADDRESSES,
    CallbackHook,
    Hook,
    HookCall,
    HookPlace,
    pause_before_call,
)
from rollout.run_hooks import call_back, unread_addresses


def call_hook(run: RolloutRun, call: HookCall, expires: datetime) -> Steps[Answered]:
    """One call, and what was answered; who answers later has time until then. Whatever keeps it
    from an answer: it could not be told. Who has the call already, and time to answer, is not
    called once more.
    """
    run.call_again.pop(call.hook.name, None)
    answered = yield from _answer(run, call, expires)
    _note(run, call, answered)
    return answered


def _answer(run: RolloutRun, call: HookCall, expires: datetime) -> Steps[Answered]:
    if call.hook.addresses:
        if unread := (yield from _read_addresses(run, call)):
            return unread
        call = call.with_addresses(run.progress.addresses)
    if isinstance(call.hook.call, CallbackHook):
        return (yield from _ask(run, call, call.hook.call, expires))
    answered = yield from run.activities.call_once(CALL_HOOK, call)
    return Answered.unknown(str(answered)) if isinstance(answered, ArmError) else answered


def _read_addresses(run: RolloutRun, call: HookCall) -> Steps[Answered | None]:
    """What keeps it from a call, if they are not known and cannot be read."""
    task = call.unread(run.progress.addresses)
    if task is None:
        return None
    read = yield from run.activities.call_once(READ_ADDRESSES, task)
    if isinstance(read, ArmError):
        return unread_addresses(read)
    run.progress = run.progress.addressed(read.of(task.instance_ids))
    return None


def _ask(run: RolloutRun, call: HookCall, hook: CallbackHook, expires: datetime) -> Steps[Answered]:
    asking = _asking(run, call, hook, expires)
    questions = run.progress.questions
    if known := questions.awaited_as(asking.about, asking.subject, run.now):
        return hook.asked(known.expires, known.expires - run.now)
    run.calling = True  # it counts the answer itself
    said = yield from ask_by_callback(run, asking)
    run.calling = False
    if isinstance(said, CallbackAnswer):
        return _judged(run, call, hook, said)
    if not said.delivered:
        return hook.not_asked(said)
    asked = run.progress.questions.open[asking.about]
    return hook.asked(asked.expires, asked.expires - run.now)


def later_answer(run: RolloutRun, call: HookCall) -> Answered | None:
    """What was answered since to a call of before, which is counted herewith."""
    hook = call.hook.call
    if not isinstance(hook, CallbackHook):
        return None
    answer = answer_to(run, _asking(run, call, hook, run.now))
    if answer is None:
        return None
    answered = _judged(run, call, hook, answer)
    _note(run, call, answered)
    return answered


def _judged(
    run: RolloutRun, call: HookCall, hook: CallbackHook, answer: CallbackAnswer
) -> Answered:
    answered = hook.judged(answer, run.now)
    pause = pause_before_call(call.attempt, answered.after)
    run.call_again[call.hook.name] = run.now + pause
    return answered


def _asking(run: RolloutRun, call: HookCall, hook: CallbackHook, expires: datetime) -> Asking:
    return call.asking(hook, run.progress.order.instance_id, expires)


def _note(run: RolloutRun, call: HookCall, answered: Answered) -> None:
    said = GateSaid(verdict=answered.verdict, message=answered.message, at=run.now)
    run.progress = run.progress.called(call.hook.name, said)
    if answered.verdict is GateVerdict.PASSED and not call.drains:
        note_put_back(run, call.hook)


def note_put_back(run: RolloutRun, hook: Hook) -> None:
    """That hook has put back what it had to; the log says so once all have."""
    owed = run.progress.owed
    left = owed and owed.without(hook.name)
    run.progress = run.progress.owing(left)
    if owed and left is None:
        message = f"Put back {len(owed.instance_ids)} instance(s) of batch {owed.batch}"
        run.recorder.write(EventKind.PUT_BACK, message, instanceIds=owed.instance_ids)


def hear_put_back(run: RolloutRun) -> None:
    """Count what hooks have answered that were to put back, while the rollout does something else
    than wait for them.
    """
    if run.calling or (run.place.hooks and run.place.hooks.puts_back_now):
        return
    for hook in owing_hooks(run):
        if owed := run.progress.owed:
            later_answer(run, call_back(run.progress, owed, hook, 1))


def owing_hooks(run: RolloutRun) -> list[Hook]:
    """Those that have yet to put instances back."""
    owed = run.progress.owed
    hooks = run.request.policy.hooks_at(HookPlace.AFTER_BATCH)
    return [hook for hook in hooks if owed and hook.name in owed.hooks]


def answers_by(run: RolloutRun, hook: Hook) -> datetime | None:
    """Until when it may answer what it was called with; None if it has nothing to answer."""
    asked = run.progress.questions.awaited(f"{HOOK} {hook.name}", run.now)
    return asked.expires if asked else None


def has_answered(run: RolloutRun, hook: Hook) -> bool:
    """Whether it has answered, and a call of it would only count that."""
    asked = run.progress.questions.open.get(f"{HOOK} {hook.name}")
    return asked is not None and asked.answer is not None


def withdraw(run: RolloutRun, hook: Hook) -> None:
    """Whatever it answers is too late."""
    if isinstance(hook.call, CallbackHook):
        run.progress = run.progress.answered(f"{HOOK} {hook.name}")


def withdraw_drains(run: RolloutRun) -> None:
    """No hook before a batch is waited for any more."""
    for hook in run.request.policy.hooks_at(HookPlace.BEFORE_BATCH):
        withdraw(run, hook)
