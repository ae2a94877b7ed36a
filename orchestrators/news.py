"""Delivers the news of a rollout to a receiver: looks what there is, and sends it, in order."""

from typing import Any

from orchestrators.engine import ActivityClient, Context, CountedContext, Recorder, Steps
from rollout.news import FIND_NEWS, SEND_NEWS, Courier, CourierLine, FindNews, SendNews
from rollout.run import NEWS_INDEX_KEY


def deliver_news(context: Context) -> Steps[dict[str, Any]]:
    """Takes a Courier, and returns where it stood at its end: whoever starts it again begins there.
    It waits on timers and activities only, so it may go on as new at any time.
    """
    counted = CountedContext(context)
    activities = ActivityClient(counted)
    courier = before = Courier.from_json(context.get_input())
    while not counted.worn:
        found = yield from activities.ask(FIND_NEWS, FindNews(courier=courier))
        courier = yield from _deliver(counted, activities, courier.found(found))
        _list(counted, before, courier)
        if courier.ended:
            return courier.to_json()
        before = courier
        yield from activities.sleep(courier.pause)
    context.continue_as_new(courier.to_json())
    return {}


def _deliver(context: Context, activities: ActivityClient, courier: Courier) -> Steps[Courier]:
    """What waits, in order, until something is not taken: what is behind that waits for it."""
    while courier.waiting:
        task = SendNews(receiver=courier.receiver, news=courier.waiting[0])
        delivery = yield from activities.ask(SEND_NEWS, task)
        courier = courier.after(delivery, context.current_utc_datetime)
        if courier.failing:
            break
    return courier


def _list(context: Context, before: Courier, courier: Courier) -> None:
    """Update its line in the list, if that says something else now."""
    if courier.ended or before.shown != courier.shown:
        line = CourierLine.of(courier, context.current_utc_datetime)
        Recorder(context, courier.subject.id).put_in_list(line, NEWS_INDEX_KEY)
