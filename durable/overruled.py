"""Durable's own status of an orchestration overrides what the orchestration has published."""

from durable.client import OrchestrationInstance
from rollout.base import ORCHESTRATION_VERSION, Phase, first_line
from rollout.run import MOST_ATTEMPTS, ProgressView, Verb

_SUSPENDED = "Suspended through Durable's management API: resume it there"
_AGAIN = "It is taken up by itself within some minutes; retry does that now"
_NO_MORE = (
    f"It was taken up {MOST_ATTEMPTS} times without getting on: look at the reason, and then say "
    "retry to go on, or rollback"
)


def overruled[V: ProgressView](
    view: V, instance: OrchestrationInstance, terminated: str, attempts: int
) -> V:
    """The view, unless Durable has ended or suspended the orchestration, or lets this version of
    the app not go on with it: then that is shown. `terminated` is the message if it was terminated,
    `attempts` is how often it was taken up since it last got on.
    """
    if view.phase.ended:
        return view
    if instance.active and view.newer:
        return _shown(view, Phase.PAUSED, _newer(view.version))
    match instance.status:
        case "Suspended":
            return _shown(view, Phase.PAUSED, _SUSPENDED)
        case "Terminated":
            ended = _shown(view, Phase.ABORTED, terminated, Verb.RETRY, Verb.ROLLBACK)
        case "Failed":
            ended = _broken(view, why_it_broke_off(instance), attempts)
        case _:
            return view
    return _finished(ended, instance)


def _finished[V: ProgressView](view: V, instance: OrchestrationInstance) -> V:
    """Who polls for `finishedAt` must come to an end, too, when the orchestration had no last
    word.
    """
    if not view.phase.ended:
        return view
    return view.model_copy(update={"finished_at": instance.updated_at or view.updated_at})


def _broken[V: ProgressView](view: V, why: str, attempts: int) -> V:
    if attempts < MOST_ATTEMPTS:
        message = f"Broke off: {why}. {_AGAIN}"
        return _shown(view, Phase.PAUSED, message, Verb.RETRY, Verb.ABORT, Verb.ROLLBACK)
    message = f"Broke off: {why}. {_NO_MORE}"
    return _shown(view, Phase.FAILED, message, Verb.RETRY, Verb.ROLLBACK)


def why_it_broke_off(instance: OrchestrationInstance) -> str:
    """In one sentence, without a stack."""
    match instance.status:
        case "Terminated":
            return "it was terminated through Durable's management API"
        case "Failed":
            return first_line(str(instance.output))
        case _:
            return "an unexpected error ended it"


def _shown[V: ProgressView](view: V, phase: Phase, message: str, *verbs: Verb) -> V:
    return view.model_copy(update={"phase": phase, "message": message, "verbs": list(verbs)})


def _newer(version: int) -> str:
    return (
        f"It was started by version {version} of the orchestrators; this app has version "
        f"{ORCHESTRATION_VERSION}, and cannot go on with it. It goes on by itself when an app of "
        f"version {version} or later is deployed; until then, it hears no verb"
    )
