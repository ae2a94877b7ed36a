"""The activity that calls a hook: one call, one answer."""

from activities.bindings import GateActivity
from activities.http_calls import ask_http, call_errors
from rollout.base import FieldError
from rollout.gates import Answered
from rollout.hooks import CALL_HOOK, HookCall, described
from rollout.plan import Policy

_HEADER = "Idempotency-Key"
"""By which the other side sees a repetition: draft-ietf-httpapi-idempotency-key-header."""


async def _call(call: HookCall) -> Answered:
    """What the hook answers. Whatever keeps it from an answer: it is not done."""
    document = call.document(described(call.scale_set, call.instances))
    return await ask_http(call.hook.call, document, {_HEADER: call.id})


def hook_errors(policy: Policy) -> list[FieldError]:
    """What is known to be wrong with its hooks without calling them."""
    return [
        FieldError(path=f"policy.hooks[{number}].call.{error.path}", message=error.message)
        for number, hook in enumerate(policy.hooks)
        for error in call_errors(hook.call)
    ]


HOOKS = {"call_hook": GateActivity(CALL_HOOK, _call)}
"""By the names under which orchestrators call them."""
