"""The activities of a courier: find what is to be told, and tell a receiver."""

from activities.news_calls import deliver
from durable import Client, read_log_of
from rollout.base import SettingError
from rollout.news import Delivery, FindNews, FoundNews, SendNews, find_in
from settings import read_news_rules, read_teller


async def find_news(client: Client, task: FindNews) -> FoundNews:
    """What the event log has for its receiver. While a setting is wrong, nothing: it is looked for
    again when that has been corrected. A receiver that the setting names no more hears nothing.
    """
    courier = task.courier
    nothing = FoundNews(mark=courier.mark, taken=courier.taken, alive=True)
    try:
        rules = read_news_rules()
        teller = read_teller(rules)
    except SettingError:
        return nothing
    receiver = rules.named(courier.receiver)
    if receiver is None or not receiver.hears_of(courier.subject):
        return nothing.model_copy(update={"deaf": True})
    record, alive = await read_log_of(client, courier.subject)
    found = find_in(record["events"], record["mark"], courier, receiver, teller)
    return found.model_copy(update={"alive": alive})


async def send_news(_client: Client, task: SendNews) -> Delivery:
    """One try. Run again, it sends the same message under the same id: the receiver can tell."""
    try:
        receiver = read_news_rules().named(task.receiver)
    except SettingError as error:
        return Delivery(delivered=False, why=str(error))
    if receiver is None:
        return Delivery(delivered=True)
    return await deliver(receiver, task.news)
