"""Delivers the news of a rollout to a receiver: looks what there is, and sends it, in order."""

from typing import Any

from orchestrators.engine import (
    ActivityClient,
    Context,
    CountedContext,
    Recorder,
    Steps,
    elsewhere,
)
from rollout.news import (
    FIND_NEWS,
    GIVEN_UP_INDEX_KEY,
    NEWS_INDEX_KEY,
    SEND_NEWS,
    Courier,
    CourierLine,
    FindNews,
    SendNews,
)


def deliver_news(context: Context) -> Steps[dict[str, Any]]:
    """Takes a Courier, and returns where it stood at its end: whoever starts it again begins there.
    It waits on timers and activities only, so it may go on as new at any time.
    """
    counted = CountedContext(context)
    activities = ActivityClient(counted)
    courier = before = Courier.from_json(context.get_input())
    if elsewhere(context, courier.instance_id):
        return courier.to_json()  # a copy that somebody has started: the real one delivers
    while not counted.worn:
        found = yield from activities.ask(FIND_NEWS, FindNews(courier=courier))
        courier = yield from _deliver(counted, activities, courier.found(found))
        courier = _listed(counted, before, courier)
        if courier.ended:
            return courier.to_json()
        before = courier
        yield from activities.sleep(courier.pause)
    context.continue_as_new(courier.to_json())
    return {}


def _deliver(
    context: CountedContext, activities: ActivityClient, courier: Courier
) -> Steps[Courier]:
    """What waits, in order, until something is not taken: what is behind that waits for it. What
    would make the history too long is left to the next generation.
    """
    while courier.waiting and not context.worn:
        task = SendNews(receiver=courier.receiver, news=courier.waiting[0])
        delivery = yield from activities.ask(SEND_NEWS, task)
        courier = courier.after(delivery, context.current_utc_datetime)
        if courier.failing:
            break
    return courier


def _listed(context: Context, before: Courier, courier: Courier) -> Courier:
    """With what was given up in its list, and its own line updated, if that says something else."""
    recorder = Recorder(context, courier.subject.id)
    for lost in courier.given_up:
        recorder.put_in_list(lost, GIVEN_UP_INDEX_KEY)
    if courier.ended or before.shown != courier.shown:
        line = CourierLine.of(courier, context.current_utc_datetime)
        recorder.put_in_list(line, NEWS_INDEX_KEY)
    return courier.listed()
