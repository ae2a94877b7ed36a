"""The names under which Durable knows our orchestrators, and the ids of their instances."""

import hashlib

from rollout.scale_set_id import ScaleSetId

HOLD_SCALE_SET = "hold_scale_set"
ROLL_OUT = "roll_out"
UPGRADE_BATCH = "upgrade_batch"
ROLL_OUT_FLEET = "roll_out_fleet"
ROLL_OUT_WAVE = "roll_out_wave"
FOLLOW_IMAGE = "follow_image"
MEMBER_ENDED = "memberEnded"
"""The external event that tells a wave that one of its rollouts has ended."""
PUBLISHED = "published"
"""The external event that tells of another version of a followed image."""
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


def wave_id(fleet_id: str, number: int, *, back: bool = False) -> str:
    """The id of a wave's sub-orchestration, on the way there or back; numbers begin with 1."""
    return f"{fleet_id}:{'back' if back else 'wave'}-{number}"


def fleet_of(wave: str) -> str:
    """The id of the fleet rollout to which the wave of that id belongs."""
    return wave.rpartition(":")[0]


def follow_id(definition: str) -> str:
    """The one id under which the image of that gallery image definition is followed."""
    digest = hashlib.sha256(definition.casefold().encode()).hexdigest()[:16]
    return f"follow-{digest}"


def batch_id(rollout_id: str, number: int) -> str:
    """The id of a batch's sub-orchestration."""
    return f"{rollout_id}:batch-{number}"
