"""The activities that ask Durable: what other orchestrations are, and what they are told."""

import logging

from activities.shell import HubActivity
from hub import expiry, members, retention
from hub.durable import Client, entity_state
from rollout.fleet_task import ReadMembers, SendBack, StartMember, TellRollouts, TellWave
from rollout.record import RECORD_ENTITY, LeftBehind, left_behind
from rollout.retention import FindExpired, Forget, Forgotten
from rollout.task import LookBack

log = logging.getLogger("rollout.retention")


async def look_back(client: Client, task: LookBack) -> LeftBehind:
    """What a rollout says in its record that it did and did not undo."""
    return left_behind(await entity_state(client, RECORD_ENTITY, task.rollout_id))


async def forget_rollout(client: Client, task: Forget) -> Forgotten:
    """Purge what Durable keeps of a rollout or a fleet rollout, and say so in the log. Run again,
    it finds less.
    """
    answer = await retention.forget(client, task)
    if answer.gone:
        log.info(
            "Purged %s instance(s) of rollout %s, which ended before %s",
            answer.instances,
            task.rollout_id,
            task.before.isoformat(),
            extra={"rolloutId": task.rollout_id, "event": "purged", "instances": answer.instances},
        )
    return answer


HUB_ACTIVITIES = (
    HubActivity("look_back", LookBack, look_back),
    HubActivity("find_expired", FindExpired, expiry.find_expired),
    HubActivity("forget_rollout", Forget, forget_rollout),
    HubActivity("start_member", StartMember, members.start_member),
    HubActivity("send_back", SendBack, members.send_back),
    HubActivity("tell_rollouts", TellRollouts, members.tell_rollouts),
    HubActivity("tell_wave", TellWave, members.tell_wave),
    HubActivity("read_members", ReadMembers, members.read_members),
)
