"""Durable's names for our orchestrators, and their instance ids."""

from rollout.inventory import ScaleSetId

LOCK_SCALE_SET = "lock_scale_set"
ROLL_OUT = "roll_out"
UPGRADE_BATCH = "upgrade_batch"
COMMAND = "command"
"""The external event that carries an operator's command."""


def lock_id(scale_set: ScaleSetId) -> str:
    """The instance id of this scale set's lock, the same however the scale set's id is spelled."""
    return f"scale-set-{scale_set.key}"


def rollback_id(rollout_id: str) -> str:
    """The instance id of the rollback of a rollout that had ended."""
    return f"{rollout_id}:rollback"


def batch_id(rollout_id: str, number: int) -> str:
    """The instance id of a batch's sub-orchestration."""
    return f"{rollout_id}:batch-{number}"
