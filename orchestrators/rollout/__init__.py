"""The orchestrations of one scale set: its rollout, and each of its batches."""

from orchestrators.rollout.batch import upgrade_batch
from orchestrators.rollout.rollout import roll_out

__all__ = [
    "roll_out",
    "upgrade_batch",
]
