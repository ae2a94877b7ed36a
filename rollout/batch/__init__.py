"""One batch: whether it may begin, whether it is done, and the result for each instance.

The *gate* decides on a fresh read of everything, the *watch* on one read after another; both answer
proceed, wait or stop. The activities that call Azure are listed in tasks.py.
"""

from rollout.batch.allowance import Allowance, pages_of
from rollout.batch.at_the_gate import AtTheGate
from rollout.batch.budget import full_outage, over_budget, upgraded_over_budget
from rollout.batch.gate import (
    LEFT_BEHIND,
    Selection,
    Waited,
    changed_since,
    may_upgrade,
    missing_from,
    still_to_send,
    under_way,
)
from rollout.batch.model import (
    Model,
    ModelReading,
    foreign_change,
    foreign_image,
    model_of,
    shows_change,
)
from rollout.batch.observed_time import ObservedTime
from rollout.batch.operation import Operation, OperationState
from rollout.batch.order import BatchOrder, BatchOutcome, BatchStatus
from rollout.batch.pace import POLICY_READ_EVERY, Expectation, Lesson, NextLook, Reach, next_look
from rollout.batch.reading import BatchReading, Observation, observation_of, observed
from rollout.batch.report import may_have_been_sent, summary_of
from rollout.batch.stillness import Stillness, all_still, shows_traces
from rollout.batch.tasks import (
    OBSERVE_BATCH,
    OBSERVE_INVENTORY,
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_IMAGE,
    SET_REPAIRS,
    START_UPGRADE,
    Accepted,
    PackedInventory,
    ReadBatch,
    ReadInventory,
    ReadModel,
    ReadRepairs,
    RepairsReading,
    RepairsState,
    SendUpgrade,
    SetImage,
    SetRepairs,
)
from rollout.batch.under_watch import LOOKS_A_GENERATION, Sent, UnderWatch
from rollout.batch.verdict import GONE, SendAgain, Verdict, health_on_target, judge
from rollout.batch.watch import LONGEST_OPERATION, Watch, WatchLimits

__all__ = [
    "GONE",
    "LEFT_BEHIND",
    "LONGEST_OPERATION",
    "LOOKS_A_GENERATION",
    "OBSERVE_BATCH",
    "OBSERVE_INVENTORY",
    "OBSERVE_MODEL",
    "OBSERVE_REPAIRS",
    "POLICY_READ_EVERY",
    "SET_IMAGE",
    "SET_REPAIRS",
    "START_UPGRADE",
    "Accepted",
    "Allowance",
    "AtTheGate",
    "BatchOrder",
    "BatchOutcome",
    "BatchReading",
    "BatchStatus",
    "Expectation",
    "Lesson",
    "Model",
    "ModelReading",
    "NextLook",
    "Observation",
    "ObservedTime",
    "Operation",
    "OperationState",
    "PackedInventory",
    "Reach",
    "ReadBatch",
    "ReadInventory",
    "ReadModel",
    "ReadRepairs",
    "RepairsReading",
    "RepairsState",
    "Selection",
    "SendAgain",
    "SendUpgrade",
    "Sent",
    "SetImage",
    "SetRepairs",
    "Stillness",
    "UnderWatch",
    "Verdict",
    "Waited",
    "Watch",
    "WatchLimits",
    "all_still",
    "changed_since",
    "foreign_change",
    "foreign_image",
    "full_outage",
    "health_on_target",
    "judge",
    "may_have_been_sent",
    "may_upgrade",
    "missing_from",
    "model_of",
    "next_look",
    "observation_of",
    "observed",
    "over_budget",
    "pages_of",
    "shows_change",
    "shows_traces",
    "still_to_send",
    "summary_of",
    "under_way",
    "upgraded_over_budget",
]
