"""The activities of a fleet rollout: what they take, and what they return."""

from rollout.base import Activity, Value
from rollout.fleet.order import RolloutEnded
from rollout.run import Command, RolloutOrder


class StartMember(Value):
    """Start this rollout, unless it was started before."""

    order: RolloutOrder


class RollBackMember(Value):
    """Roll this rollout back, and notify the wave when that has ended."""

    rollout_id: str
    wave: str
    command: Command


class MemberStart(Value):
    """The rollout is running or was started before, unless one of the fields below is set."""

    locked_by: str | None = None
    """The id of another rollout, which has the scale set's lock."""
    nothing: bool = False
    """There is nothing to do."""
    command: Command | None = None
    """The pause, abort or rollback because of which nothing more begins."""


class SendCommand(Value):
    """Send a command to these rollouts; those that have ended do not accept it."""

    rollout_ids: list[str]
    command: Command


class ReportEnd(Value):
    """Notify that wave that one of its rollouts has ended."""

    wave: str
    ended: RolloutEnded


class Delivered(Value):
    """How many recipients accepted it."""

    count: int


class ReadMembers(Value):
    """Which of these rollouts of that wave have ended, and what was its fleet rollout told?"""

    rollout_ids: list[str]
    wave: str = ""


class MembersRead(Value):
    """The rollouts that have ended; those in `missing` no longer exist. `command` is the one
    because of which nothing more of the fleet rollout begins.
    """

    ended: list[RolloutEnded] = []
    missing: list[str] = []
    command: Command | None = None


START_MEMBER = Activity("start_member", StartMember, MemberStart)
ROLL_BACK_MEMBER = Activity("roll_back_member", RollBackMember, MemberStart)
SEND_COMMAND = Activity("send_command", SendCommand, Delivered)
REPORT_END = Activity("report_end", ReportEnd, Delivered)
READ_MEMBERS = Activity("read_members", ReadMembers, MembersRead)
