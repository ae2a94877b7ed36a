"""Durable's names for the orchestrators of fleet rollouts and waves, and their instance ids."""

import re
from hashlib import sha256

from rollout.base import our_id
from rollout.inventory import GalleryId, ScaleSetId

ROLL_OUT_FLEET = "roll_out_fleet"
ROLL_OUT_WAVE = "roll_out_wave"
ROLLOUT_ENDED = "rolloutEnded"
"""The external event that notifies a wave that one of its rollouts has ended."""


def rollout_id_of(fleet_id: str, scale_set: ScaleSetId) -> str:
    """The id of a member's rollout: always the same, and different for scale sets of the same name
    in different resource groups.
    """
    return our_id(fleet_id, scale_set.name.lower()[:30], scale_set.key[:6])


MOST_FLEETS = 20
"""How often a published version may be rolled whose fleet rollout moved nobody."""


def fleet_id_of(version_id: str, version: str, attempt: int = 1) -> str:
    """The id of a published version's fleet rollout, the same however often it is published; of a
    further one, if those before moved nobody.
    """
    image = GalleryId.parse(version_id)
    digest = sha256(version_id.casefold().encode()).hexdigest()[:6]
    name = re.sub(r"[^a-z0-9._\-]", "-", image.image.lower() if image else "image")[:30]
    again = [str(attempt)] if attempt > 1 else []
    return our_id(name, version[:20], digest, *again)


def fleet_lock_id(scale_set: ScaleSetId) -> str:
    """The instance id of the lock with which a fleet rollout has this scale set among its own."""
    return f"lock:fleet-{scale_set.key}"


def wave_id(fleet_id: str, number: int, *, rolling_back: bool = False) -> str:
    """The instance id of a wave's sub-orchestration, forward or rollback; numbers begin with 1."""
    return f"{fleet_id}:{'rollback' if rolling_back else 'wave'}-{number}"


def fleet_of(wave: str) -> str:
    """The id of the fleet rollout that the wave of that id belongs to."""
    return wave.rpartition(":")[0]
