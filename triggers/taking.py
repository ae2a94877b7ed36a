"""Does a rollout, or a fleet rollout, take that verb now?"""

from http import HTTPStatus

from rollout.fleet_view import FleetRolloutView
from rollout.phase import Phase, Verb
from rollout.problem import Problem, Refused
from rollout.view import RolloutView

type View = RolloutView | FleetRolloutView


def done_already(verb: Verb, view: View) -> bool:
    """Whether what the verb asks for is so already: saying it again changes nothing."""
    return (verb, view.phase) in {
        (Verb.ABORT, Phase.ABORTED),
        (Verb.ROLLBACK, Phase.ROLLED_BACK),
    }


def refuse_unless_taken(verb: Verb, view: View, what: str) -> None:
    """Raises Refused (409) with the verbs that are taken; `what` it is: a rollout, say."""
    if verb in view.verbs or done_already(verb, view):
        return
    taken = ", ".join(view.verbs)
    takes = f"it takes: {taken}" if taken else "it takes no verb any more"
    told = f"{what.capitalize()} {view.id!r} is {view.phase}; {takes}"
    raise Refused(
        Problem(
            status=HTTPStatus.CONFLICT,
            title=f"A {what} that is {view.phase} cannot be told to {verb}",
            detail=f"{told}. Nothing was changed.",
            rollout_id=view.id,
        )
    )
