"""Stops the line and lifts it. A stop is an orchestration under an id of its own: its row says so
from the moment of its start on, and only being lifted completes it.
"""

from datetime import UTC, datetime

from durable.client import Client, OrchestrationInstance, find_instance, raised, start
from durable.record import read_record
from durable.until import until
from rollout.base import LineStop, Phase, Problem, Refused
from rollout.line import LINE_ID, STOP_THE_LINE, LineChange, LineOrder, line_is_stopped
from rollout.run import ProgressFields, last_position

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def line_now(client: Client) -> LineStop | None:
    """The stop, if the line is stopped now. One that died or was terminated still holds."""
    return _stop_of(await find_instance(client, LINE_ID))


async def refuse_if_stopped(client: Client) -> None:
    """Raises Refused (409) while the line is stopped."""
    if stop := await line_now(client):
        raise Refused(line_is_stopped(stop))


async def stop_line(client: Client, change: LineChange, token: str) -> LineStop:
    """Stop the line; the stop that there was before, if there was. It holds when this returns."""
    if there := await line_now(client):
        return there
    events = last_position(await read_record(client, LINE_ID))
    order = LineOrder(stopped=change, token=token, events=events)

    async def stopped() -> LineStop | None:
        return _stop_of(await start(client, STOP_THE_LINE, LINE_ID, order.to_json()))

    if stop := await until(stopped):
        return stop
    raise Refused(_STILL_LIFTED)


async def lift_line(client: Client, change: LineChange) -> LineStop | None:
    """Lift it: None once it is lifted, else the stop that has yet to hear of it."""
    before = await find_instance(client, LINE_ID)
    if before and _stop_of(before) and before.active:
        await raised(client, LINE_ID, _order_of(before).lift_event, change)

    async def lifted() -> bool | None:
        instance = await find_instance(client, LINE_ID)
        if instance is None or _stop_of(instance) is None:
            return True
        if not instance.active:
            await _begin_again(client, instance, change)
        return None

    return None if await until(lifted) else await line_now(client)


async def keep_line(client: Client) -> None:
    """Begin a stop again that broke off, so that it is in the log, and can be lifted."""
    instance = _open(await find_instance(client, LINE_ID))
    if instance and not instance.active:
        await _begin_again(client, instance)


async def with_line[V: ProgressFields](client: Client, views: list[V]) -> list[V]:
    """The views or lines; of those that go forward, with why they begin nothing more."""
    held = [not (view.phase.ended or view.phase is Phase.ROLLING_BACK) for view in views]
    stop = await line_now(client) if any(held) else None
    if stop is None:
        return views
    pairs = zip(views, held, strict=True)
    return [view.held_by_line(stop) if waits else view for view, waits in pairs]


async def _begin_again(
    client: Client, instance: OrchestrationInstance, lifted: LineChange | None = None
) -> None:
    announced = bool(instance.custom_status)
    order = _order_of(instance).again(instance.created_at or _LONG_AGO, announced=announced)
    order = order.lifted_by(lifted) if lifted else order
    await start(client, STOP_THE_LINE, LINE_ID, order.to_json())


def _stop_of(instance: OrchestrationInstance | None) -> LineStop | None:
    found = _open(instance)
    order = _order_of(found) if found else None
    if found is None or order is None or order.lifted:
        return None
    return order.stop(found.created_at or _LONG_AGO)


def _open(instance: OrchestrationInstance | None) -> OrchestrationInstance | None:
    """The stop, if only its being lifted is missing, or that is not in the log yet."""
    ours = instance is not None and instance.name == STOP_THE_LINE
    return instance if instance and ours and not instance.completed else None


def _order_of(instance: OrchestrationInstance) -> LineOrder:
    return LineOrder.from_json(instance.input)


_STILL_LIFTED = Problem(
    status=409,
    title="The line is just being lifted",
    detail="Somebody has lifted the line, and that is not through yet. The line is not stopped: "
    "send the call again.",
)
