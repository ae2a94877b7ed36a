"""The activity that calls a hook: one call, one answer."""

from activities.bindings import GateActivity
from activities.callbacks import target_errors
from activities.http_calls import ask_http, call_errors, repetition_of
from rollout.base import FieldError
from rollout.gates import Answered
from rollout.hooks import CALL_HOOK, CallbackHook, Hook, HookCall
from rollout.plan import Policy


async def _call(call: HookCall) -> Answered:
    """What the hook answers. Whatever keeps it from an answer: it is not done."""
    if isinstance(call.hook.call, CallbackHook):
        raise TypeError("a hook that is answered later is called by post_question")
    return await ask_http(call.hook.call, call.document, repetition_of(call.id))


def hook_errors(policy: Policy) -> list[FieldError]:
    """What is known to be wrong with its hooks without calling them."""
    return [
        FieldError(path=f"policy.hooks[{number}].call.{error.path}", message=error.message)
        for number, hook in enumerate(policy.hooks)
        for error in _errors(hook)
    ]


def _errors(hook: Hook) -> list[FieldError]:
    match hook.call:
        case CallbackHook() as call:
            return target_errors(call.target)
        case call:
            return call_errors(call)


HOOKS = {"call_hook": GateActivity(CALL_HOOK, _call)}
"""By the names under which orchestrators call them."""
