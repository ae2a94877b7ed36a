"""What an orchestrator's actions mean, replayed over its history exactly as the extension does.

Pure: no database, no clock, no app. `guard` finds where the SDK and the extension would disagree.
"""

from local.host.replay import history
from local.host.replay.actions import (
    FAILURE_LABEL,
    Action,
    ActionType,
    Answer,
    answer_of,
    answer_of_failure,
)
from local.host.replay.commands import Command, Kind, Known
from local.host.replay.guard import divergence
from local.host.replay.history import (
    COMPLETIONS,
    Event,
    EventType,
    execution_id,
    is_external,
    moment_of,
    stamp,
    task_of,
)
from local.host.replay.replayer import NonDeterministicWorkflow, Replayed, replay

__all__ = [
    "COMPLETIONS",
    "FAILURE_LABEL",
    "Action",
    "ActionType",
    "Answer",
    "Command",
    "Event",
    "EventType",
    "Kind",
    "Known",
    "NonDeterministicWorkflow",
    "Replayed",
    "answer_of",
    "answer_of_failure",
    "divergence",
    "execution_id",
    "history",
    "is_external",
    "moment_of",
    "replay",
    "stamp",
    "task_of",
]
