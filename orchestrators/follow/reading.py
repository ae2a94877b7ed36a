"""What the follower of an image reads, in words."""

from datetime import timedelta
from typing import Any

from rollout.base import ArmError, ArmErrorKind, spoken
from rollout.fleet import FleetStart, MembersRead, RolloutEnded

_CAN_START_AGAIN = (
    "It moved nobody, so the version can start again: write anything on it, for example a tag"
)


def ended_of(value: Any) -> RolloutEnded | None:
    """How a fleet rollout ended; None if the event is something else."""
    try:
        return RolloutEnded.from_json(value)
    except ValueError:
        return None


def message_of(read: MembersRead) -> str:
    """How its fleet rollout ended; and what to do, if that has moved nobody."""
    again = f" {_CAN_START_AGAIN}" if read.untouched else ""
    for ended in read.ended:
        return f"{ended.phase}. {ended.message}{again}"
    return f"its Durable instance no longer exists{again}"


def gone_or_unread(error: ArmError) -> str:
    if error.kind is ArmErrorKind.NOT_FOUND:
        return "Nothing is rolled: the version no longer exists"
    return f"Nothing is rolled: {error}"


def why_it_waits(started: FleetStart) -> str:
    """Why a fleet rollout could not begin yet."""
    if started.stopped:
        return f"Waiting: {started.stopped.message}"
    return f"Waiting: fleet rollout {started.locked_by} has some of the scale sets"


def delayed(version: str, error: ArmError, delay: timedelta) -> str:
    """Why nothing is known yet of who follows the version."""
    return f"Waiting for version {version}: {error}. Trying again in {spoken(delay)}"
