"""What each verb would do to a fleet rollout as it is now, in words to confirm."""

from collections.abc import Callable, Mapping

from rollout.base import Phase, counted
from rollout.fleet.view import FleetRolloutView
from rollout.run import Verb


def fleet_consequences_of(view: FleetRolloutView) -> dict[Verb, str]:
    """A sentence or two for every verb that is accepted now."""
    return {verb: _sentence(verb, view) for verb in view.verbs}


def _sentence(verb: Verb, view: FleetRolloutView) -> str:
    return _SENTENCES[verb](view)


def _resume(_: FleetRolloutView) -> str:
    return "It goes on, and so do the rollouts of its scale sets that it has paused."


def _approve(_: FleetRolloutView) -> str:
    return "The wave that waits begins, unless its checks say no."


def _retry(view: FleetRolloutView) -> str:
    if gate := _asked_about(view):
        return f"Gate {gate} is asked again, and those beside it."
    return "It goes on where it broke off, after a look at every scale set."


def _skip(view: FleetRolloutView) -> str:
    return f"It goes on without gate {_asked_about(view)}, and nobody knows what that would say."


def _asked_about(view: FleetRolloutView) -> str | None:
    return view.waits.gate if view.waits else None


def _pause(view: FleetRolloutView) -> str:
    return f"No further scale set begins{_under_way(view, 'pause')}."


def _break_glass(view: FleetRolloutView) -> str:
    count = view.counts.in_progress
    both = f", neither the {count} under way nor those that begin later" if count else ""
    return (
        f"No scale set waits for a window or a freeze any more{both}, after the same checks as "
        "before any batch. That cannot be taken back; the log keeps who did it and why."
    )


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


def _rollback(view: FleetRolloutView) -> str:
    return f"{_moved(view)}, the newest wave first."


def _moved(view: FleetRolloutView) -> str:
    count = view.counts.done + view.counts.failed + view.counts.in_progress
    go_back = "goes back to the image it had" if count == 1 else "go back to the images they had"
    return f"{counted(count, 'scale set')} {go_back}"


_SENTENCES: Mapping[Verb, Callable[[FleetRolloutView], str]] = {
    Verb.RESUME: _resume,
    Verb.APPROVE: _approve,
    Verb.RETRY: _retry,
    Verb.SKIP: _skip,
    Verb.PAUSE: _pause,
    Verb.ABORT: _abort,
    Verb.ROLLBACK: _rollback,
    Verb.BREAK_GLASS: _break_glass,
}
