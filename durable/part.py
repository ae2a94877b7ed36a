"""Reads what became of a sub-orchestration whose parent broke off."""

from typing import Any, cast

from durable.client import Client, find_instance
from durable.take_up import commands_received
from rollout.base import first_line
from rollout.run import PartRead, ReadPart


async def read_part(client: Client, task: ReadPart) -> PartRead:
    """Whether it is over, and its result."""
    part = await find_instance(client, task.instance_id)
    if part is None:
        return PartRead(running=False, reason="it does not exist")
    if part.active:
        return PartRead(running=True)
    if part.status == "Completed":
        return PartRead(running=False, output=cast("dict[str, Any]", part.output))
    received = (await commands_received(client, task.instance_id, part)).standing
    return PartRead(running=False, reason=first_line(str(part.output)), received=received)
