"""Puts back what a rollout has left drained that was ended from outside."""

from orchestrators.engine import ActivityClient, Context, Recorder, Steps
from rollout.base import ArmError, EventKind
from rollout.callbacks import POST_QUESTION, PostQuestion, Questions
from rollout.gates import Answered, GateVerdict
from rollout.hooks import CALL_HOOK, MEANWHILE, READ_ADDRESSES, CallbackHook, HookCall
from rollout.run_hooks import not_put_back, put_back_unseen, unread_addresses
from rollout.watch import EndedByHand


def put_back_left(
    context: Context, activities: ActivityClient, recorder: Recorder, ended: EndedByHand
) -> Steps[None]:
    """Call the hooks that were to put instances back; again, if need be. Who answers later is told
    once, and nobody waits for the answer.
    """
    began, rounds, why, left = context.current_utc_datetime, 0, "", [*ended.calls]
    caller, unseen = _Caller(context, activities, ended), list[HookCall]()
    while left:
        rounds, asked, left = rounds + 1, left, list[HookCall]()
        for call in asked:
            answered = yield from caller.call(call.model_copy(update={"attempt": rounds}))
            if answered.verdict is GateVerdict.NOT_YET and isinstance(call.hook.call, CallbackHook):
                unseen.append(call)
            elif answered.verdict is not GateVerdict.PASSED:
                left.append(call)
                why = answered.message
        pause = MEANWHILE.pause_after(rounds, context.current_utc_datetime - began)
        if not left or pause is None:
            break
        yield from activities.sleep(pause)
    _note(recorder, ended.calls, left, unseen, why)


def _note(
    recorder: Recorder,
    calls: list[HookCall],
    left: list[HookCall],
    unseen: list[HookCall],
    why: str,
) -> None:
    """What the log says of it; nothing if there was nothing to put back."""
    if left:
        message = not_put_back(_names(left), _ids(left), why)
        recorder.write(EventKind.NOT_PUT_BACK, message, instanceIds=_ids(left))
    if unseen:
        message = put_back_unseen(_names(unseen), _ids(unseen))
        recorder.write(EventKind.NOT_PUT_BACK, message, instanceIds=_ids(unseen))
    if calls and not (left or unseen):
        ids = _ids(calls)
        recorder.write(EventKind.PUT_BACK, f"Put back {len(ids)} instance(s)", instanceIds=ids)


def _names(calls: list[HookCall]) -> list[str]:
    return [call.hook.name for call in calls]


def _ids(calls: list[HookCall]) -> list[str]:
    return list(dict.fromkeys(each for call in calls for each in call.instances))


class _Caller:
    """Calls the hooks that one rollout has left. What it has asked, and read, is asked and read
    once.
    """

    def __init__(self, context: Context, activities: ActivityClient, ended: EndedByHand) -> None:
        self._context = context
        self._activities = activities
        self._owner = ended.owner
        self._questions = Questions()
        self._addresses: dict[str, list[str]] = {}

    def call(self, call: HookCall) -> Steps[Answered]:
        if call.hook.addresses:
            if unread := (yield from self._read_addresses(call)):
                return unread
            call = call.with_addresses(self._addresses)
        if isinstance(call.hook.call, CallbackHook):
            return (yield from self._ask(call, call.hook.call))
        answered = yield from self._activities.call_once(CALL_HOOK, call)
        return Answered.unknown(str(answered)) if isinstance(answered, ArmError) else answered

    def _read_addresses(self, call: HookCall) -> Steps[Answered | None]:
        task = call.unread(self._addresses)
        if task is None:
            return None
        read = yield from self._activities.call_once(READ_ADDRESSES, task)
        if isinstance(read, ArmError):
            return unread_addresses(read)
        self._addresses |= read.of(task.instance_ids)
        return None

    def _ask(self, call: HookCall, hook: CallbackHook) -> Steps[Answered]:
        """The address in the question leads to a rollout that has ended: it is answered so."""
        now = self._context.current_utc_datetime
        asking = call.asking(hook, self._owner, now + call.hook.timeout)
        self._questions = self._questions.asking(asking.about, asking.subject, asking.expires, now)
        question = self._questions.open[asking.about]
        task = PostQuestion(asking=asking, question=question, now=now)
        posted = yield from self._activities.call_once(POST_QUESTION, task)
        if isinstance(posted, ArmError):
            return Answered.unknown(str(posted))
        after = question.expires - now
        return hook.asked(question.expires, after) if posted.delivered else hook.not_asked(posted)
