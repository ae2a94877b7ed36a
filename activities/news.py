"""The activities of a courier: find what is to be told, and tell a receiver."""

import asyncio

from activities.news_calls import deliver
from compute.scale_sets import read_tags
from durable import Client, find_rollout, read_log_of
from rollout.base import ArmErrorKind, ArmFailure, SettingError
from rollout.news import Delivery, FindNews, FoundNews, Only, SendNews, Subject, find_in
from settings import read_news_rules, read_teller


async def find_news(client: Client, task: FindNews) -> FoundNews:
    """What the event log has for its receiver. While a setting is wrong, nothing: it is looked for
    again when that has been corrected. A receiver that the setting names no more hears nothing.
    """
    courier = task.courier
    nothing = FoundNews(mark=courier.mark, taken=courier.taken, alive=True, tags=courier.tags)
    try:
        rules = read_news_rules()
        teller = read_teller(rules)
    except SettingError:
        return nothing
    receiver = rules.named(courier.receiver)
    if receiver is None or not receiver.hears_of(courier.subject):
        return nothing.model_copy(update={"deaf": True, "tags": {}})
    record, alive = await read_log_of(client, courier.subject)
    tags = courier.tags
    if receiver.only.takes(tags) is None:
        tags = await _tags_of(client, courier.subject, receiver.only)
    takes = receiver.only.takes(tags)
    if not takes:
        return nothing.model_copy(update={"alive": alive, "deaf": takes is False, "tags": tags})
    found = find_in(record["events"], record["mark"], courier, receiver, teller)
    return found.model_copy(update={"alive": alive, "tags": tags})


async def _tags_of(client: Client, subject: Subject, only: Only) -> dict[str, str | None]:
    """Those of its scale set that matter; nothing if nobody knows them now. A scale set that is
    gone has none.
    """
    rollout = await find_rollout(client, subject.id)
    if rollout is None:
        return {}
    try:
        return only.named(await asyncio.to_thread(read_tags, rollout.scale_set))
    except ArmFailure as failure:
        return only.named({}) if failure.error.kind is ArmErrorKind.NOT_FOUND else {}


async def send_news(_client: Client, task: SendNews) -> Delivery:
    """One try. Run again, it sends the same message under the same id: the receiver can tell."""
    try:
        receiver = read_news_rules().named(task.receiver)
    except SettingError as error:
        return Delivery(delivered=False, why=str(error))
    if receiver is None:
        return Delivery(delivered=True)
    return await deliver(receiver, task.news)
