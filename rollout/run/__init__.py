"""A rollout from its start to its end, and its view.

*Progress* is what has happened so far. *Control* is what the operator has asked for so far, the
*next step* what follows a batch, the *view* what users see, the *ending* the final message.
"""

from rollout.run.command import Command, CommandBody
from rollout.run.conclusion import Conclusion, End, Ending, RollBack, concluded_by
from rollout.run.control import (
    MOST_VERBS_ACCEPTED,
    VERBS_ACCEPTED,
    Control,
    EndRequested,
    WaitForOperator,
    approval_asked,
)
from rollout.run.counts import Counts
from rollout.run.ending import RolloutEnding, after_which, failure_of
from rollout.run.ids import (
    COMMAND,
    LOCK_SCALE_SET,
    ROLL_OUT,
    UPGRADE_BATCH,
    batch_id,
    lock_id,
    rollback_id,
)
from rollout.run.inspection import INSPECT, Inspection
from rollout.run.instance_row import InstanceRow, instance_rows
from rollout.run.next_step import Ask, Retry, after_batch
from rollout.run.order import RolloutOrder
from rollout.run.preflight import ImageFinding, image_errors, refusal
from rollout.run.progress import Progress
from rollout.run.progress_view import WAITING_TO_BEGIN, ProgressSummary, ProgressView
from rollout.run.record import (
    FIND_LEFT_BEHIND,
    FLEET_INDEX_KEY,
    FOLLOWED_INDEX_KEY,
    INDEX_ENTITY,
    INDEX_KEY,
    RECORD_ENTITY,
    FindLeftBehind,
    LeftBehind,
    index_after,
    left_behind_by,
    older_events,
    record_after,
)
from rollout.run.rollback import (
    Stage,
    excluding_unhealthy,
    including_new_instances,
    rollback_stages,
)
from rollout.run.rollback_request import RollbackRequest
from rollout.run.run_progress import ListedProgress, RunProgress
from rollout.run.telemetry_context import TelemetryContext
from rollout.run.verb import Verb, fleet_verbs
from rollout.run.view import RolloutSummary, RolloutView, StartedRollout

__all__ = [
    "COMMAND",
    "FIND_LEFT_BEHIND",
    "FLEET_INDEX_KEY",
    "FOLLOWED_INDEX_KEY",
    "INDEX_ENTITY",
    "INDEX_KEY",
    "INSPECT",
    "LOCK_SCALE_SET",
    "MOST_VERBS_ACCEPTED",
    "RECORD_ENTITY",
    "ROLL_OUT",
    "UPGRADE_BATCH",
    "VERBS_ACCEPTED",
    "WAITING_TO_BEGIN",
    "Ask",
    "Command",
    "CommandBody",
    "Conclusion",
    "Control",
    "Counts",
    "End",
    "EndRequested",
    "Ending",
    "FindLeftBehind",
    "ImageFinding",
    "Inspection",
    "InstanceRow",
    "LeftBehind",
    "ListedProgress",
    "Progress",
    "ProgressSummary",
    "ProgressView",
    "Retry",
    "RollBack",
    "RollbackRequest",
    "RolloutEnding",
    "RolloutOrder",
    "RolloutSummary",
    "RolloutView",
    "RunProgress",
    "Stage",
    "StartedRollout",
    "TelemetryContext",
    "Verb",
    "WaitForOperator",
    "after_batch",
    "after_which",
    "approval_asked",
    "batch_id",
    "concluded_by",
    "excluding_unhealthy",
    "failure_of",
    "fleet_verbs",
    "image_errors",
    "including_new_instances",
    "index_after",
    "instance_rows",
    "left_behind_by",
    "lock_id",
    "older_events",
    "record_after",
    "refusal",
    "rollback_id",
    "rollback_stages",
]
