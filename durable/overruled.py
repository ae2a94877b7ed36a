"""Durable's own status of an orchestration overrides what the orchestration has published."""

from durable.client import OrchestrationInstance
from rollout.base import Phase
from rollout.run import ProgressView

_SUSPENDED = "Suspended through Durable's management API: resume it there"
_FAILED = "The orchestration itself failed: see the output of its Durable instance"


def overruled[V: ProgressView](view: V, instance: OrchestrationInstance, terminated: str) -> V:
    """The view, unless Durable has ended or suspended the orchestration: then that is shown.
    `terminated` is the message if it was terminated.
    """
    states = {
        "Suspended": (Phase.PAUSED, _SUSPENDED),
        "Terminated": (Phase.ABORTED, terminated),
        "Failed": (Phase.FAILED, _FAILED),
    }
    if view.phase.ended or instance.status not in states:
        return view
    phase, message = states[instance.status]
    return view.model_copy(update={"phase": phase, "message": message, "verbs": []})
