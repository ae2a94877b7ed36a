"""One batch: whether it may begin, whether it is done, and the result for each instance.

The *gate* decides on a fresh read of everything, the *watch* on one read after another; both answer
proceed, wait or stop. The activities that call Azure are listed in tasks.py.
"""

from rollout.batch.budget import full_outage, over_budget
from rollout.batch.gate import GONE, Selection, may_upgrade
from rollout.batch.model import Model, ModelReading, foreign_change, model_of
from rollout.batch.operation import Operation, OperationState
from rollout.batch.order import BatchOrder, BatchOutcome, BatchStatus
from rollout.batch.reading import BatchReading, Observation, observation_of, observed
from rollout.batch.report import may_have_been_sent, summary_of
from rollout.batch.tasks import (
    OBSERVE_BATCH,
    OBSERVE_INVENTORY,
    OBSERVE_MODEL,
    OBSERVE_REPAIRS,
    SET_IMAGE,
    SET_REPAIRS,
    START_UPGRADE,
    Accepted,
    BatchTarget,
    PackedInventory,
    ReadBatch,
    ReadInventory,
    ReadModel,
    ReadRepairs,
    RepairsReading,
    RepairsState,
    SetImage,
    SetRepairs,
)
from rollout.batch.watch import Watch, judge

__all__ = [
    "GONE",
    "OBSERVE_BATCH",
    "OBSERVE_INVENTORY",
    "OBSERVE_MODEL",
    "OBSERVE_REPAIRS",
    "SET_IMAGE",
    "SET_REPAIRS",
    "START_UPGRADE",
    "Accepted",
    "BatchOrder",
    "BatchOutcome",
    "BatchReading",
    "BatchStatus",
    "BatchTarget",
    "Model",
    "ModelReading",
    "Observation",
    "Operation",
    "OperationState",
    "PackedInventory",
    "ReadBatch",
    "ReadInventory",
    "ReadModel",
    "ReadRepairs",
    "RepairsReading",
    "RepairsState",
    "Selection",
    "SetImage",
    "SetRepairs",
    "Watch",
    "foreign_change",
    "full_outage",
    "judge",
    "may_have_been_sent",
    "may_upgrade",
    "model_of",
    "observation_of",
    "observed",
    "over_budget",
    "summary_of",
]
