"""The event log: one line per decision, with its evidence."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from rollout.base.value import Value


class EventKind(StrEnum):
    """What kind of event it is."""

    STARTED = "started"
    PLANNED = "planned"
    MODEL_SET = "modelSet"
    BATCH_STARTED = "batchStarted"
    UPGRADE_SENT = "upgradeSent"
    WAITING = "waiting"
    BATCH_FINISHED = "batchFinished"
    PAUSE_REQUESTED = "pauseRequested"
    RESUMED = "resumed"
    PAUSED = "paused"
    APPROVAL_ASKED = "approvalAsked"
    APPROVED = "approved"
    RETRY_REQUESTED = "retryRequested"
    SKIP_REQUESTED = "skipRequested"
    ABORT_REQUESTED = "abortRequested"
    ROLLBACK_REQUESTED = "rollbackRequested"
    ROLLING_BACK = "rollingBack"
    GLASS_BROKEN = "glassBroken"
    REPAIRS_SUSPENDED = "repairsSuspended"
    REPAIRS_RESTORED = "repairsRestored"
    REPAIRS_NOT_RESTORED = "repairsNotRestored"
    WAVE_STARTED = "waveStarted"
    WAVE_FINISHED = "waveFinished"
    SCALE_SET_STARTED = "scaleSetStarted"
    SCALE_SET_FINISHED = "scaleSetFinished"
    BAKING = "baking"
    GATES_PASSED = "gatesPassed"
    GATE_FAILED = "gateFailed"
    GATE_NOTED = "gateNoted"
    HOOKS_DUE = "hooksDue"
    DRAINED = "drained"
    PUT_BACK = "putBack"
    HOOK_FAILED = "hookFailed"
    HOOK_NOTED = "hookNoted"
    NOT_PUT_BACK = "notPutBack"
    LEFT_OUT = "leftOut"
    NOTIFIED = "notified"
    PUBLISHED = "published"
    HANDLED = "handled"
    LINE_STOPPED = "lineStopped"
    LINE_LIFTED = "lineLifted"
    BROKEN_OFF = "brokenOff"
    TAKEN_UP = "takenUp"
    FINISHED = "finished"


class Event(Value):
    """One line of the event log. `evidence` is what the decision was based on: counts, instance
    ids, values read, operation ids, and who asked for it.
    """

    at: datetime
    kind: EventKind
    message: str
    evidence: dict[str, Any] = {}
    number: int | None = None
    """In the order in which events arrived in their part of the log; only known once they are in
    it.
    """
    part: str | None = None
    """The part of the log that it is in; as the number."""
    times: int | None = None
    """How often it was so, if more than once: a wait for the same cause is one line."""
    until: datetime | None = None
    """When it was so for the last time."""
    position: list[int] = []
    """Orders events of the same moment: [3, 1] is the first event of the batch that began with the
    third event of the rollout.
    """
