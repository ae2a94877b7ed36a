"""The orchestrations of one scale set: its lock, its rollout, and each of its batches."""

from orchestrators.rollout.batch import upgrade_batch
from orchestrators.rollout.lock import lock_scale_set
from orchestrators.rollout.rollout import roll_out

__all__ = [
    "lock_scale_set",
    "roll_out",
    "upgrade_batch",
]
