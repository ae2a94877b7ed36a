"""Takes up a rollout that broke off: from what it has recorded, and what Azure says."""

from durable.client import (
    Client,
    OrchestrationInstance,
    events_received,
    find_instance,
    started_as,
)
from durable.lock import start_locked
from durable.overruled import why_it_broke_off
from durable.record import read_record
from durable.rollouts import published, running_as
from durable.until import LOOKS, until
from rollout.batch import BatchOrder
from rollout.callbacks import ANSWER, HeardAnswer
from rollout.fleet import FleetOrder
from rollout.run import (
    CHANNELS,
    Command,
    Handover,
    ProgressView,
    Received,
    RolloutOrder,
    RolloutView,
    State,
    Verb,
    batch_id,
    last_batch_by_log,
    sent_back,
    taken_up,
)


async def take_up(client: Client, rollout_id: str, command: Command | None = None) -> bool:
    """Go on with it, or do what an operator's command says; False if it has not broken off, or goes
    on meanwhile without that command. Raises Refused (409) if another rollout has the scale set.
    """
    found = await running_as(client, rollout_id)
    if found is None or found[1].active:
        return False
    instance_id, instance = found
    view, begun = published(rollout_id, instance), RolloutOrder.from_json(instance.input)
    if has_ended_properly(instance, view):
        return False
    record = await read_record(client, rollout_id)
    order = taken_up(
        begun,
        view,
        record,
        await last_batch(client, begun, view, record),
        why_it_broke_off(instance),
        command,
        await commands_received(client, instance_id, instance),
    )
    attempt = order.resume.attempt if order.resume else 0
    await start_locked(client, order, f"{order.fingerprint}-{attempt}")
    return await is_obeyed(client, order, command)


def has_ended_properly(instance: OrchestrationInstance, view: ProgressView) -> bool:
    """Whether it has ended as it was to end: then there is nothing to go on with."""
    return instance.status == "Completed" and Verb.RETRY not in view.verbs


async def is_obeyed(
    client: Client, order: RolloutOrder | FleetOrder, command: Command | None
) -> bool:
    """Whether what goes on now was started with that command. Several may take it up at the same
    moment, the watch and an operator for example: Durable tells each that it is done, and runs one.
    (Whoever only wants it to go on, has that.)
    """
    if command is None or command.verb is Verb.RETRY:
        return True
    there = await find_instance(client, order.instance_id)
    began = type(order).from_json(there.input) if there else None
    mine, known = order.resume, began and began.resume
    return mine is not None and known is not None and known.control == mine.control


async def commands_received(
    client: Client, instance_id: str, instance: OrchestrationInstance
) -> Received:
    """The commands that have reached a rollout, a fleet rollout or a wave, and the answers to its
    questions, in order.
    """
    values = await events_received(client, instance_id, (*CHANNELS, ANSWER))
    since = [command for value in values if (command := Command.of_event(value))]
    answered = [heard for value in values if (heard := HeardAnswer.of_event(value))]
    return Received(since, Handover.of_input(instance.input), answered)


async def rollback_order(
    client: Client, view: RolloutView, command: Command, wave: str | None = None
) -> RolloutOrder | None:
    """What the rollback of a rollout that has ended is started with; None if nothing was moved.
    `wave` will be notified when it has ended.
    """
    instance = await started_as(client, view.id)
    record = await read_record(client, view.id)
    if instance is None or not record.get("baseline"):
        return None
    begun = RolloutOrder.from_json(instance.input)
    last = await last_batch(client, begun, view, record)
    order = sent_back(begun, view, record, last, command)
    return order.model_copy(update={"wave": wave})


async def last_batch(
    client: Client, order: RolloutOrder, view: RolloutView, record: State
) -> BatchOrder | None:
    """What its last batch was started with. A batch that has just been started appears some seconds
    later: that is waited for. Of one that was purged by hand the log tells.
    """
    if not view.batch:
        return None
    key = batch_id(view.id, view.batch)
    looks = LOOKS if view.batch_began_at else 1
    batch = await until(lambda: find_instance(client, key), looks)
    if batch is None:
        return last_batch_by_log(order, view, record)
    return BatchOrder.from_json(batch.input)
