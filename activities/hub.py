"""The activities that ask Durable: what other orchestrations are, and what they are told."""

from activities.shell import HubActivity
from hub import members
from hub.durable import Client, entity_state
from rollout.fleet_task import ReadMembers, SendBack, StartMember, TellRollouts, TellWave
from rollout.record import RECORD_ENTITY, LeftBehind, left_behind
from rollout.task import LookBack


async def look_back(client: Client, task: LookBack) -> LeftBehind:
    """What a rollout says in its record that it did and did not undo."""
    return left_behind(await entity_state(client, RECORD_ENTITY, task.rollout_id))


HUB_ACTIVITIES = (
    HubActivity("look_back", LookBack, look_back),
    HubActivity("start_member", StartMember, members.start_member),
    HubActivity("send_back", SendBack, members.send_back),
    HubActivity("tell_rollouts", TellRollouts, members.tell_rollouts),
    HubActivity("tell_wave", TellWave, members.tell_wave),
    HubActivity("read_members", ReadMembers, members.read_members),
)
