"""What all orchestrations share: activity calls, the operator's commands, reporting, concluding.

Nothing here knows what a rollout does. Durable's rules for orchestrators are handled here, so that
the stories stay readable.
"""

from orchestrators.engine.activities import (
    PATIENCE,
    ActivityClient,
    ActivityDied,
    delay_after,
    is_missing,
    passes_or_is_stale,
)
from orchestrators.engine.before import (
    LONG_WAIT,
    conclude_if_requested,
    halt_at_deadline,
    may_begin,
    wait_for_decision,
    wait_for_people,
    wait_until,
)
from orchestrators.engine.concluded import conclude
from orchestrators.engine.context import Context, Steps
from orchestrators.engine.ended import notify_of_end
from orchestrators.engine.events import CommandListener, ExternalEvents, event_value
from orchestrators.engine.generation import (
    CountedContext,
    GoesOnAsNew,
    go_on_as_new,
    rest,
)
from orchestrators.engine.recorder import Recorder, by_caller
from orchestrators.engine.run import ListedRun, OrchestrationRun, Story
from orchestrators.engine.stray import elsewhere, refused, without_lock

__all__ = [
    "LONG_WAIT",
    "PATIENCE",
    "ActivityClient",
    "ActivityDied",
    "CommandListener",
    "Context",
    "CountedContext",
    "ExternalEvents",
    "GoesOnAsNew",
    "ListedRun",
    "OrchestrationRun",
    "Recorder",
    "Steps",
    "Story",
    "by_caller",
    "conclude",
    "conclude_if_requested",
    "delay_after",
    "elsewhere",
    "event_value",
    "go_on_as_new",
    "halt_at_deadline",
    "is_missing",
    "may_begin",
    "notify_of_end",
    "passes_or_is_stale",
    "refused",
    "rest",
    "wait_for_decision",
    "wait_for_people",
    "wait_until",
    "without_lock",
]
