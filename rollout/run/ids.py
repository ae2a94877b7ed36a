"""Durable's names for our orchestrators, and their instance ids."""

ROLL_OUT = "roll_out"
UPGRADE_BATCH = "upgrade_batch"
COMMAND = "command"
"""The external event that carries any of an operator's commands; see `channel_of`."""


def rollback_id(rollout_id: str) -> str:
    """The instance id of the rollback of a rollout that had ended."""
    return f"{rollout_id}:rollback"


def rollout_of(instance_id: str) -> str:
    """The id under which users know the rollout that this orchestration is, or belongs to."""
    return instance_id.partition(":")[0]


def batch_id(rollout_id: str, number: int) -> str:
    """The instance id of a batch's sub-orchestration."""
    return f"{rollout_id}:batch-{number}"
