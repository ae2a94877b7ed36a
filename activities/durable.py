"""The activities that use Durable's client: they look up other orchestrations, or notify them."""

import logging
from typing import Any

from activities.bindings import DurableActivity
from activities.calendars import read_feeds
from activities.callbacks import post_question
from activities.news import find_news, send_news
from activities.repairs import resume_repairs, set_repairs_as_ordered
from durable import (
    Client,
    announcing,
    find_expired,
    find_unattended,
    forget,
    forget_couriers,
    keep_lock,
    read_fleet,
    read_lock,
    read_members,
    read_part,
    recall_fleet,
    release_fleet,
    release_scale_set,
    report_end,
    roll_back_member,
    send_command,
    start_member,
    take_up_broken_fleet,
    take_up_followed,
    take_up_rollout,
    try_start_fleet,
)
from rollout.base import SettingError
from rollout.batch import SET_REPAIRS
from rollout.callbacks import POST_QUESTION
from rollout.fleet import (
    READ_FLEET,
    READ_MEMBERS,
    RECALL_FLEET,
    RELEASE_FLEET,
    REPORT_END,
    ROLL_BACK_MEMBER,
    SEND_COMMAND,
    START_FLEET,
    START_MEMBER,
    FleetStart,
    MemberStart,
    StartFleet,
    StartMember,
)
from rollout.news import FIND_NEWS, SEND_NEWS
from rollout.retention import FIND_EXPIRED, FORGET, Forget, Forgotten
from rollout.run import KEEP_LOCK, READ_LOCK, READ_PART, RELEASE_LOCK
from rollout.watch import (
    FIND_UNATTENDED,
    RESUME_REPAIRS,
    TAKE_UP_FLEET,
    TAKE_UP_FOLLOWED,
    TAKE_UP_ROLLOUT,
)
from rollout.windows import READ_CALENDAR, Calendar, CalendarRead, ReadCalendar, answer_of
from settings import read_calendar, read_news_rules

_logger = logging.getLogger("rollout.retention")


async def _forget_rollout(client: Client, task: Forget) -> Forgotten:
    """Purge what Durable keeps of a rollout or a fleet rollout, and log that. Run again, it finds
    less.
    """
    answer = await forget(client, task)
    if answer.gone:
        await forget_couriers(client, read_news_rules, task.rollout_id)
        _logger.info(
            "Purged %s instance(s) of rollout %s, which ended before %s",
            answer.instances,
            task.rollout_id,
            task.before.isoformat(),
            extra={"rolloutId": task.rollout_id, "event": "purged", "instances": answer.instances},
        )
    return answer


def announced(client: Client) -> Client:
    """The client for what may start a rollout: who is to hear of that, hears of it."""
    return announcing(client, read_news_rules)


async def _start_fleet(client: Client, task: StartFleet) -> FleetStart:
    """As one that windows and freezes may hold up, if the app has any. Wrong ones hold up its scale
    sets for themselves.
    """
    try:
        app = read_calendar()
    except SettingError:
        app = Calendar()
    order = task.order.starting(app)
    return await try_start_fleet(client, task.model_copy(update={"order": order}))


async def _start_member(client: Client, task: StartMember) -> MemberStart:
    """With the app's windows and freezes as they are now."""
    try:
        app = read_calendar()
    except SettingError as error:
        return MemberStart(refused=str(error))
    return await start_member(client, task.model_copy(update={"order": task.order.pinned(app)}))


async def _read_calendar(_: Client, task: ReadCalendar) -> CalendarRead:
    """What stands elsewhere is read first, if it is time for that."""
    calendar = task.calendar
    if calendar.feeds is None or task.ahead is None:
        return answer_of(task)
    feeds = await read_feeds(calendar.feeds, task.now, task.ahead)
    if feeds is None:
        return answer_of(task)
    read = answer_of(task.model_copy(update={"calendar": calendar.with_feeds(feeds)}))
    return read.model_copy(update={"feeds": feeds})


_ACTIVITIES: tuple[DurableActivity[Any, Any], ...] = (
    DurableActivity(KEEP_LOCK, keep_lock),
    DurableActivity(READ_LOCK, read_lock),
    DurableActivity(RELEASE_LOCK, release_scale_set),
    DurableActivity(READ_PART, read_part),
    DurableActivity(SET_REPAIRS, set_repairs_as_ordered),
    DurableActivity(RESUME_REPAIRS, resume_repairs),
    DurableActivity(FIND_UNATTENDED, find_unattended),
    DurableActivity(TAKE_UP_ROLLOUT, take_up_rollout),
    DurableActivity(TAKE_UP_FLEET, take_up_broken_fleet),
    DurableActivity(TAKE_UP_FOLLOWED, take_up_followed),
    DurableActivity(START_FLEET, _start_fleet),
    DurableActivity(READ_FLEET, read_fleet),
    DurableActivity(RECALL_FLEET, recall_fleet),
    DurableActivity(RELEASE_FLEET, release_fleet),
    DurableActivity(FIND_EXPIRED, find_expired),
    DurableActivity(FORGET, _forget_rollout),
    DurableActivity(START_MEMBER, _start_member),
    DurableActivity(ROLL_BACK_MEMBER, roll_back_member),
    DurableActivity(SEND_COMMAND, send_command),
    DurableActivity(REPORT_END, report_end),
    DurableActivity(READ_MEMBERS, read_members),
    DurableActivity(FIND_NEWS, find_news),
    DurableActivity(SEND_NEWS, send_news),
    DurableActivity(POST_QUESTION, post_question),
    DurableActivity(READ_CALENDAR, _read_calendar),
)

DURABLE = {each.activity.name: each for each in _ACTIVITIES}
"""By the names under which orchestrators call them."""
