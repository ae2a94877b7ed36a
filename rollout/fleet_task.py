"""What the activities of a fleet rollout are asked, and what they answer."""

from rollout.command import Command
from rollout.fleet_order import MemberEnded
from rollout.order import RolloutOrder
from rollout.value import Value


class StartMember(Value):
    """Start this rollout, unless it was started before."""

    order: RolloutOrder


class SendBack(Value):
    """Roll this rollout back, and tell the wave when it has ended."""

    rollout_id: str
    wave: str
    command: Command


class MemberStart(Value):
    """It runs, or it was started before; or another rollout has the scale set (`held_by`), or
    there is nothing to do (`nothing`).
    """

    held_by: str | None = None
    nothing: bool = False


class TellRollouts(Value):
    """Tell these rollouts a verb; those that have ended do not hear it."""

    rollout_ids: list[str]
    command: Command


class TellWave(Value):
    """Tell that wave that one of its rollouts has ended."""

    wave: str
    ended: MemberEnded


class Told(Value):
    """How many heard it."""

    count: int


class ReadMembers(Value):
    """Which of these rollouts have ended?"""

    rollout_ids: list[str]


class MembersRead(Value):
    """Those that have ended; `missing` are those that do not exist any more."""

    ended: list[MemberEnded] = []
    missing: list[str] = []
