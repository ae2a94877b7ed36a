"""The activities that use Durable's client: they look up other orchestrations, or notify them."""

import logging

from activities.bindings import DurableActivity
from durable import (
    Client,
    entity_state,
    find_expired,
    forget,
    read_members,
    report_end,
    roll_back_member,
    send_command,
    start_member,
)
from rollout.fleet import READ_MEMBERS, REPORT_END, ROLL_BACK_MEMBER, SEND_COMMAND, START_MEMBER
from rollout.retention import FIND_EXPIRED, FORGET, Forget, Forgotten
from rollout.run import FIND_LEFT_BEHIND, RECORD_ENTITY, FindLeftBehind, LeftBehind, left_behind_by

_logger = logging.getLogger("rollout.retention")


async def _find_left_behind(client: Client, task: FindLeftBehind) -> LeftBehind:
    """What a rollout's record says that it did and did not undo."""
    return left_behind_by(await entity_state(client, RECORD_ENTITY, task.rollout_id))


async def _forget_rollout(client: Client, task: Forget) -> Forgotten:
    """Purge what Durable keeps of a rollout or a fleet rollout, and log that. Run again, it finds
    less.
    """
    answer = await forget(client, task)
    if answer.gone:
        _logger.info(
            "Purged %s instance(s) of rollout %s, which ended before %s",
            answer.instances,
            task.rollout_id,
            task.before.isoformat(),
            extra={"rolloutId": task.rollout_id, "event": "purged", "instances": answer.instances},
        )
    return answer


DURABLE_ACTIVITIES = (
    DurableActivity(FIND_LEFT_BEHIND, _find_left_behind),
    DurableActivity(FIND_EXPIRED, find_expired),
    DurableActivity(FORGET, _forget_rollout),
    DurableActivity(START_MEMBER, start_member),
    DurableActivity(ROLL_BACK_MEMBER, roll_back_member),
    DurableActivity(SEND_COMMAND, send_command),
    DurableActivity(REPORT_END, report_end),
    DurableActivity(READ_MEMBERS, read_members),
)
