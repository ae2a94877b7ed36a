"""What each verb would do to a fleet rollout as it is now, in words to confirm."""

from rollout.base import Phase, counted
from rollout.fleet.view import FleetRolloutView
from rollout.run import Verb


def fleet_consequences_of(view: FleetRolloutView) -> dict[Verb, str]:
    """A sentence or two for every verb that is accepted now."""
    return {verb: _sentence(verb, view) for verb in view.verbs}


def _sentence(verb: Verb, view: FleetRolloutView) -> str:
    match verb:
        case Verb.RESUME:
            return "It goes on, and so do the rollouts of its scale sets that it has paused."
        case Verb.APPROVE:
            return "The wave that waits begins, unless its checks say no."
        case Verb.RETRY | Verb.SKIP | Verb.BREAK_GLASS:
            return "It goes on where it broke off, after a look at every scale set."
        case Verb.PAUSE:
            return f"No further scale set begins{_under_way(view, 'pause')}."
        case Verb.ABORT:
            return _abort(view)
        case Verb.ROLLBACK:
            return f"{_moved(view)}, the newest wave first."


def _abort(view: FleetRolloutView) -> str:
    if view.phase is Phase.ROLLING_BACK:
        return (
            f"No further scale set goes back{_under_way(view, 'end')}. "
            "What has not gone back runs the image that it runs now."
        )
    return f"No further scale set begins{_under_way(view, 'end')}. Nothing is put back."


def _under_way(view: FleetRolloutView, verb: str) -> str:
    count = view.counts.in_progress
    if not count:
        return ""
    does = f"{verb}s after its batch" if count == 1 else f"{verb} after their batch"
    return f", and {counted(count, 'scale set')} under way {does}"


def _moved(view: FleetRolloutView) -> str:
    count = view.counts.done + view.counts.failed + view.counts.in_progress
    go_back = "goes back to the image it had" if count == 1 else "go back to the images they had"
    return f"{counted(count, 'scale set')} {go_back}"
