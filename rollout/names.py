"""The names under which Durable knows our orchestrators, and the ids of their instances."""

from rollout.scale_set_id import ScaleSetId

HOLD_SCALE_SET = "hold_scale_set"
ROLL_OUT = "roll_out"
UPGRADE_BATCH = "upgrade_batch"
CLEAR_OUT = "clear_out"
CLEAR_OUT_ID = "retention:daily"
"""One at a time, under an id that no rollout can have."""
COMMAND = "command"
"""The external event that carries an operator's verb."""


def holder_id(scale_set: ScaleSetId) -> str:
    """The one id under which this scale set can be held, whatever way its id is spelled."""
    return f"scale-set-{scale_set.key}"


def rollback_id(rollout_id: str) -> str:
    """The id of the orchestration that rolls back a rollout which has ended."""
    return f"{rollout_id}:rollback"


def batch_id(rollout_id: str, number: int) -> str:
    """The id of a batch's sub-orchestration."""
    return f"{rollout_id}:batch-{number}"
