"""What the follower of an image reads, in words."""

from typing import Any

from rollout.base import ArmError, ArmErrorKind
from rollout.fleet import FleetStart, MembersRead, RolloutEnded


def ended_of(value: Any) -> RolloutEnded | None:
    """How a fleet rollout ended; None if the event is something else."""
    try:
        return RolloutEnded.from_json(value)
    except ValueError:
        return None


def message_of(read: MembersRead) -> str:
    for ended in read.ended:
        return f"{ended.phase}. {ended.message}"
    return "its Durable instance no longer exists"


def gone_or_unread(error: ArmError) -> str:
    if error.kind is ArmErrorKind.NOT_FOUND:
        return "Nothing is rolled: the version no longer exists"
    return f"Nothing is rolled: {error}"


def why_it_waits(started: FleetStart) -> str:
    """Why a fleet rollout could not begin yet."""
    if started.stopped:
        return f"Waiting: {started.stopped.message}"
    return f"Waiting: fleet rollout {started.locked_by} has some of the scale sets"
