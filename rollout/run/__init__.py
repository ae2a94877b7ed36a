"""A rollout from its start to its end, and its view.

*Progress* is what has happened so far. *Control* is what the operator has asked for so far, the
*next step* what follows a batch, the *view* what users see, the *ending* the final message.
"""

from rollout.run.agenda import Agenda, LineWait, RolloutPlace, Unsettled, WayBack
from rollout.run.asking_progress import AskingProgress
from rollout.run.at_gates import GateSite, NotedAnswer, noted_answer, would_have
from rollout.run.channel import CHANNELS, channel_of, channels
from rollout.run.command import Command, CommandBody
from rollout.run.conclusion import Conclusion, End, Ending, RollBack, concluded_by
from rollout.run.control import Control, EndRequested, WaitForOperator, approval_asked, start_asked
from rollout.run.counts import Counts
from rollout.run.details import ListedRollout, RolloutDetails
from rollout.run.earlier import Resumption
from rollout.run.ending import RolloutEnding, after_which, failure_of, failures
from rollout.run.final_message import final_message, preliminary
from rollout.run.final_state import FinalState, final_state_of, known_last
from rollout.run.gate_list import until_decided
from rollout.run.gates_place import GatesPlace
from rollout.run.handed_on import handed_on, rollout_handed_on, rollout_taken_over, taken_over
from rollout.run.handover import NOTHING_RECEIVED, Handover, Received
from rollout.run.health_row import with_health
from rollout.run.ids import COMMAND, ROLL_OUT, UPGRADE_BATCH, batch_id, rollback_id, rollout_of
from rollout.run.index import (
    FLEET_INDEX_KEY,
    FOLLOWED_INDEX_KEY,
    INDEX_ENTITY,
    INDEX_KEY,
    REPAIRS_INDEX_KEY,
    STANDING_INDEX_KEY,
    index_after,
    lines_of,
    list_of,
    shard_of,
    shards_of,
)
from rollout.run.inspection import INSPECT, Inspection
from rollout.run.instance_row import InstanceRow, instance_rows
from rollout.run.lock import (
    HOLD_LOCK,
    KEEP_LOCK,
    READ_LOCK,
    RELEASE_LOCK,
    KeepLock,
    Lock,
    LockKept,
    LockRead,
    ReadLock,
    Released,
    ReleaseLock,
    is_lock_id,
    lock_id,
)
from rollout.run.log import (
    FIRST_PART,
    LOG_ENTITY,
    State,
    cause_of,
    events_after,
    log_after,
    log_key,
    marked,
    older_parts,
    part_of,
    rollout_of_log,
    waits_again,
)
from rollout.run.needs import Need, need_of, superseded_in
from rollout.run.next_step import (
    Ask,
    Retry,
    after_batch,
    after_hold,
    leaves_only_a_model,
)
from rollout.run.order import RolloutOrder
from rollout.run.part import READ_PART, PartRead, ReadPart
from rollout.run.preflight import (
    ImageFinding,
    health_flaw,
    image_errors,
    lacks_health_source,
    refusal,
)
from rollout.run.progress import Progress
from rollout.run.progress_view import (
    WAITING_TO_BEGIN,
    ProgressFields,
    ProgressSummary,
    ProgressView,
    Waits,
    decided_about,
)
from rollout.run.recall import begun_before, gone_on, recalled, recalling
from rollout.run.record import (
    RECORD_ENTITY,
    events_since_start,
    last_position,
    left_behind_by,
    parts_of,
    record_after,
    record_of,
    was_broken_off,
)
from rollout.run.repairs import (
    RepairsLine,
    RepairsTried,
    SuspendedRepairs,
    repairs_message,
)
from rollout.run.resting import why_repairs_stay_suspended, why_repairs_wait
from rollout.run.rollback import (
    adopting,
    excluding_unhealthy,
    image_left,
    not_back,
    reason_with_image_left,
    rollback_stages,
)
from rollout.run.run_progress import ListedProgress, RunProgress
from rollout.run.take_up import (
    MOST_ATTEMPTS,
    attempts,
    control_after,
    control_left,
    last_batch_by_log,
    rolling_back_because,
    sent_back,
    taken_up,
)
from rollout.run.telemetry_context import TelemetryContext
from rollout.run.verb import Verb
from rollout.run.verify import verified
from rollout.run.view import ManagementLinks, RolloutSummary, RolloutView, StartedRollout

__all__ = [
    "CHANNELS",
    "COMMAND",
    "FIRST_PART",
    "FLEET_INDEX_KEY",
    "FOLLOWED_INDEX_KEY",
    "HOLD_LOCK",
    "INDEX_ENTITY",
    "INDEX_KEY",
    "INSPECT",
    "KEEP_LOCK",
    "LOG_ENTITY",
    "MOST_ATTEMPTS",
    "NOTHING_RECEIVED",
    "READ_LOCK",
    "READ_PART",
    "RECORD_ENTITY",
    "RELEASE_LOCK",
    "REPAIRS_INDEX_KEY",
    "ROLL_OUT",
    "STANDING_INDEX_KEY",
    "UPGRADE_BATCH",
    "WAITING_TO_BEGIN",
    "Agenda",
    "Ask",
    "AskingProgress",
    "Command",
    "CommandBody",
    "Conclusion",
    "Control",
    "Counts",
    "End",
    "EndRequested",
    "Ending",
    "FinalState",
    "GateSite",
    "GatesPlace",
    "Handover",
    "ImageFinding",
    "Inspection",
    "InstanceRow",
    "KeepLock",
    "LineWait",
    "ListedProgress",
    "ListedRollout",
    "Lock",
    "LockKept",
    "LockRead",
    "ManagementLinks",
    "Need",
    "NotedAnswer",
    "PartRead",
    "Progress",
    "ProgressFields",
    "ProgressSummary",
    "ProgressView",
    "ReadLock",
    "ReadPart",
    "Received",
    "ReleaseLock",
    "Released",
    "RepairsLine",
    "RepairsTried",
    "Resumption",
    "Retry",
    "RollBack",
    "RolloutDetails",
    "RolloutEnding",
    "RolloutOrder",
    "RolloutPlace",
    "RolloutSummary",
    "RolloutView",
    "RunProgress",
    "StartedRollout",
    "State",
    "SuspendedRepairs",
    "TelemetryContext",
    "Unsettled",
    "Verb",
    "WaitForOperator",
    "Waits",
    "WayBack",
    "adopting",
    "after_batch",
    "after_hold",
    "after_which",
    "approval_asked",
    "attempts",
    "batch_id",
    "begun_before",
    "cause_of",
    "channel_of",
    "channels",
    "concluded_by",
    "control_after",
    "control_left",
    "decided_about",
    "events_after",
    "events_since_start",
    "excluding_unhealthy",
    "failure_of",
    "failures",
    "final_message",
    "final_state_of",
    "gone_on",
    "handed_on",
    "health_flaw",
    "image_errors",
    "image_left",
    "index_after",
    "instance_rows",
    "is_lock_id",
    "known_last",
    "lacks_health_source",
    "last_batch_by_log",
    "last_position",
    "leaves_only_a_model",
    "left_behind_by",
    "lines_of",
    "list_of",
    "lock_id",
    "log_after",
    "log_key",
    "marked",
    "need_of",
    "not_back",
    "noted_answer",
    "older_parts",
    "part_of",
    "parts_of",
    "preliminary",
    "reason_with_image_left",
    "recalled",
    "recalling",
    "record_after",
    "record_of",
    "refusal",
    "repairs_message",
    "rollback_id",
    "rollback_stages",
    "rolling_back_because",
    "rollout_handed_on",
    "rollout_of",
    "rollout_of_log",
    "rollout_taken_over",
    "sent_back",
    "shard_of",
    "shards_of",
    "start_asked",
    "superseded_in",
    "taken_over",
    "taken_up",
    "until_decided",
    "verified",
    "waits_again",
    "was_broken_off",
    "why_repairs_stay_suspended",
    "why_repairs_wait",
    "with_health",
    "would_have",
]
