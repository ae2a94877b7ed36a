"""Does a rollout, or a fleet rollout, accept that verb now?"""

from http import HTTPStatus

from rollout.base import Caller, FieldError, Phase, Problem, Refused, invalid
from rollout.fleet import FleetRolloutView
from rollout.run import CommandBody, RolloutView, Verb
from triggers.web.route import Call

_HEARD_OUT = (
    "it has heard as many other verbs as it can while what is under way lasts, and hears them "
    "again after it"
)

type View = RolloutView | FleetRolloutView


def done_already(verb: Verb, view: View) -> bool:
    """Whether what the verb asks for has been done: then repeating it changes nothing."""
    return (verb, view.phase) in {
        (Verb.ABORT, Phase.ABORTED),
        (Verb.ROLLBACK, Phase.ROLLED_BACK),
    }


def _is_being_done(verb: Verb, view: View) -> bool:
    """Whether it stands already: then it is not offered, and saying it again changes nothing."""
    return view.stands(verb) and not view.newer


def refuse_own_approval(call: Call, starter: Caller | None) -> None:
    """Raises Refused (403) if who approves is who started it, and must not be."""
    if problem := call.access.refused_approval(call.caller, starter):
        raise Refused(problem)


def refuse_without_reason(verb: Verb, body: CommandBody, what: str) -> None:
    """Whoever overrules windows and freezes says why. Raises Refused (400)."""
    if verb is Verb.BREAK_GLASS and not (body.reason or "").strip():
        message = f"is required: say why windows and freezes are not to hold this {what} up"
        raise invalid([FieldError(path="reason", message=message)])


def refuse_unless_allowed(verb: Verb, view: View, what: str) -> None:
    """Raises Refused (409) with the verbs that are accepted; `what` it is: a rollout, say."""
    if verb in view.verbs or done_already(verb, view) or _is_being_done(verb, view):
        return
    taken = ", ".join(view.verbs)
    takes = f"it takes: {taken}" if taken else "it takes no verb now"
    takes += f" ({_HEARD_OUT})" if view.heard_out else ""
    state = f"{what.capitalize()} {view.id!r} is {view.phase}; {takes}"
    if view.newer:
        state = f"{what.capitalize()} {view.id!r} would not hear it. {view.message}"
    raise Refused(
        Problem(
            status=HTTPStatus.CONFLICT,
            title=f"A {what} that is {view.phase} cannot be told to {verb}",
            detail=f"{state}. Nothing was changed.",
            rollout_id=view.id,
        )
    )
