"""What each verb would do to a fleet rollout as it is now, in words to confirm."""

from rollout.base import Phase, counted
from rollout.fleet.view import FleetRolloutView
from rollout.run import Verb


def fleet_consequences_of(view: FleetRolloutView) -> dict[Verb, str]:
    """A sentence or two for every verb that is accepted now."""
    return {verb: _sentence(verb, view) for verb in view.verbs}


def _sentence(verb: Verb, view: FleetRolloutView) -> str:
    running = counted(view.counts.in_progress, "scale set")
    moved = counted(view.counts.done + view.counts.failed + view.counts.in_progress, "scale set")
    match verb:
        case Verb.RESUME:
            return "It goes on, and so do the rollouts of its scale sets that it has paused."
        case Verb.APPROVE:
            return "The wave that waits begins, unless its checks say no."
        case Verb.RETRY | Verb.SKIP:
            return "It goes on where it broke off, after a look at every scale set."
        case Verb.PAUSE:
            return f"No further scale set begins, and {running} under way pause after their batch."
        case Verb.ABORT:
            return _abort(view, running)
        case Verb.ROLLBACK:
            return f"{moved} go back to the images they had, the newest wave first."


def _abort(view: FleetRolloutView, running: str) -> str:
    if view.phase is Phase.ROLLING_BACK:
        return (
            f"No further scale set goes back, and {running} on their way back end after their "
            "batch. What has not gone back runs the image that it runs now."
        )
    return (
        f"No further scale set begins, and {running} under way end after their batch. "
        "Nothing is put back."
    )
