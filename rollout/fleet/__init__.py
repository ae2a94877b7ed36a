"""Many scale sets: a fleet rollout updates them in ordered waves.

Each scale set gets an ordinary rollout. Progress, views, control and conclusion build on those of
rollout.run.
"""

from rollout.fleet.details import FleetDetails, ListedFleet
from rollout.fleet.ending import FleetEnding, nothing_verified, wave_failure
from rollout.fleet.ids import (
    MOST_FLEETS,
    ROLL_OUT_FLEET,
    ROLL_OUT_WAVE,
    ROLLOUT_ENDED,
    fleet_id_of,
    fleet_lock_id,
    fleet_of,
    rollout_id_of,
    wave_id,
)
from rollout.fleet.members import fleet_order, in_subscription, member_errors, scale_sets_of
from rollout.fleet.order import (
    FleetMember,
    FleetOrder,
    LeftOut,
    Membership,
    RolloutEnded,
    WaveOrder,
    WaveOutcome,
    WaveStatus,
)
from rollout.fleet.plan import (
    FleetPlan,
    MemberPlan,
    WavePlan,
    about_the_image,
    unusable_image,
)
from rollout.fleet.post_bake_check import PostBakeCheck
from rollout.fleet.progress import FleetProgress
from rollout.fleet.request import FleetRolloutRequest, Wave, WaveName, WaveRules
from rollout.fleet.take_up import fleet_attempts, fleet_sent_back, fleet_taken_up
from rollout.fleet.tasks import (
    READ_FLEET,
    READ_MEMBERS,
    RELEASE_FLEET,
    REPORT_END,
    ROLL_BACK_MEMBER,
    SEND_COMMAND,
    START_FLEET,
    START_MEMBER,
    Delivered,
    FleetStart,
    MembersRead,
    MemberStart,
    ReadFleet,
    ReadMembers,
    ReleaseFleet,
    ReportEnd,
    RollBackMember,
    SendCommand,
    StartFleet,
    StartMember,
)
from rollout.fleet.view import FleetRolloutView, FleetSummary, ScaleSetRow
from rollout.fleet.wave import WaveProgress

__all__ = [
    "MOST_FLEETS",
    "READ_FLEET",
    "READ_MEMBERS",
    "RELEASE_FLEET",
    "REPORT_END",
    "ROLLOUT_ENDED",
    "ROLL_BACK_MEMBER",
    "ROLL_OUT_FLEET",
    "ROLL_OUT_WAVE",
    "SEND_COMMAND",
    "START_FLEET",
    "START_MEMBER",
    "Delivered",
    "FleetDetails",
    "FleetEnding",
    "FleetMember",
    "FleetOrder",
    "FleetPlan",
    "FleetProgress",
    "FleetRolloutRequest",
    "FleetRolloutView",
    "FleetStart",
    "FleetSummary",
    "LeftOut",
    "ListedFleet",
    "MemberPlan",
    "MemberStart",
    "MembersRead",
    "Membership",
    "PostBakeCheck",
    "ReadFleet",
    "ReadMembers",
    "ReleaseFleet",
    "ReportEnd",
    "RollBackMember",
    "RolloutEnded",
    "ScaleSetRow",
    "SendCommand",
    "StartFleet",
    "StartMember",
    "Wave",
    "WaveName",
    "WaveOrder",
    "WaveOutcome",
    "WavePlan",
    "WaveProgress",
    "WaveRules",
    "WaveStatus",
    "about_the_image",
    "fleet_attempts",
    "fleet_id_of",
    "fleet_lock_id",
    "fleet_of",
    "fleet_order",
    "fleet_sent_back",
    "fleet_taken_up",
    "in_subscription",
    "member_errors",
    "nothing_verified",
    "rollout_id_of",
    "scale_sets_of",
    "unusable_image",
    "wave_failure",
    "wave_id",
]
