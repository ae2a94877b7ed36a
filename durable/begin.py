"""Begins what has a line in a list: a rollout, or a fleet rollout."""

from typing import Any, Protocol

from durable.client import (
    Client,
    OrchestrationInstance,
    add_to_list,
    find_instance,
    start,
    start_first,
)
from rollout.base import Value
from rollout.run import ProgressView


class Order(Protocol):
    """What it is started with; `earlier` if it goes on from another orchestration."""

    @property
    def instance_id(self) -> str: ...
    @property
    def earlier(self) -> Value | None: ...
    def to_json(self) -> dict[str, Any]: ...


async def begin(
    client: Client, name: str, order: Order, waiting: ProgressView, index_key: str
) -> OrchestrationInstance | None:
    """The instance that has its id now. What has run or runs is not started again, unless the order
    goes on from it. `waiting` is its view until it has begun: it is listed first, because a process
    may die at any moment, and what breaks in its first step is found by the list only.
    """
    there = await find_instance(client, order.instance_id)
    if order.earlier and not (there and there.active):
        await add_to_list(client, index_key, waiting.going_on().summary(), "put")
        return await start(client, name, order.instance_id, order.to_json())
    if there is None:
        await add_to_list(client, index_key, waiting.summary())
        return await start_first(client, name, order.instance_id, order.to_json())
    return there
