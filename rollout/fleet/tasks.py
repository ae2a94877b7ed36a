"""The activities of a fleet rollout: what they take, and what they return."""

from rollout.base import Activity, LineStop, Value
from rollout.fleet.order import FleetOrder, Membership, RolloutEnded
from rollout.fleet.recall import RecalledFleet
from rollout.run import Command, Released, RolloutOrder


class StartMember(Value):
    """Start this rollout, unless it was started before. `tries` is how often it was tried."""

    order: RolloutOrder
    tries: int = 0


class RollBackMember(Value):
    """Roll this rollout back if it is a member, and notify the wave when that has ended."""

    rollout_id: str
    member_of: Membership | None = None
    wave: str
    command: Command
    tries: int = 0


class MemberStart(Value):
    """The rollout is running or was started before, unless one of the fields below is set."""

    locked_by: str | None = None
    """The id of another rollout, which has the scale set's lock."""
    refused: str | None = None
    """Why it can never be started."""
    found: bool = False
    """It was started before: it may have ended."""
    nothing: bool = False
    """There is nothing to do."""
    command: Command | None = None
    """The pause, abort or rollback because of which nothing more begins."""
    stopped: LineStop | None = None
    """Because of which nothing begins in the whole app."""


class SendCommand(Value):
    """Send a command to those of these rollouts that are members; those that have ended do not
    accept it.
    """

    rollout_ids: list[str]
    member_of: Membership | None = None
    command: Command


class ReportEnd(Value):
    """Notify that wave that one of its rollouts has ended."""

    wave: str
    ended: RolloutEnded


class Delivered(Value):
    """How many recipients accepted it."""

    count: int


class ReadMembers(Value):
    """Which of these rollouts (or of their rollbacks) of that wave have ended, and what was its
    fleet rollout told?
    """

    rollout_ids: list[str]
    member_of: Membership | None = None
    wave: str = ""
    rolling_back: bool = False


class MembersRead(Value):
    """The rollouts that have ended; those in `missing` do not exist, or are no members. `command`
    is the one because of which nothing more of the fleet rollout begins, `glass` the one because of
    which windows and freezes no longer hold it up. `untouched` if a fleet
    rollout failed before any instance of its scale sets was touched.
    """

    ended: list[RolloutEnded] = []
    missing: list[str] = []
    command: Command | None = None
    glass: Command | None = None
    untouched: bool = False


class StartFleet(Value):
    """Start this fleet rollout, unless it was started before. `tries` is how often it was tried."""

    order: FleetOrder
    tries: int = 0


class FleetStart(Value):
    """It is running or was started before, unless another fleet rollout has one of its scale sets,
    something else has its id, or the line is stopped.
    """

    locked_by: str | None = None
    refused: str | None = None
    stopped: LineStop | None = None


class ReadFleet(Value):
    """Has that fleet rollout ended?"""

    fleet_id: str


class RecallFleet(Value):
    """What did the fleet rollout do before that was started with this order?"""

    order: FleetOrder


class FleetRecall(Value):
    """What its log says; None if it had not begun."""

    earlier: RecalledFleet | None = None


class ReleaseFleet(Value):
    """Release the scale sets of the fleet rollout that runs as that instance."""

    instance_id: str


START_FLEET = Activity("start_fleet", StartFleet, FleetStart)
READ_FLEET = Activity("read_fleet", ReadFleet, MembersRead)
RECALL_FLEET = Activity("recall_fleet", RecallFleet, FleetRecall)
RELEASE_FLEET = Activity("release_fleet", ReleaseFleet, Released)
START_MEMBER = Activity("start_member", StartMember, MemberStart)
ROLL_BACK_MEMBER = Activity("roll_back_member", RollBackMember, MemberStart)
SEND_COMMAND = Activity("send_command", SendCommand, Delivered)
REPORT_END = Activity("report_end", ReportEnd, Delivered)
READ_MEMBERS = Activity("read_members", ReadMembers, MembersRead)
