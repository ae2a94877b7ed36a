"""What became of an orchestration whose parent broke off."""

from typing import Any

from rollout.base import Activity, Value
from rollout.run.command import Command


class ReadPart(Value):
    """Is that sub-orchestration over, and how did it end?"""

    instance_id: str


class PartRead(Value):
    """`output` is its result if it completed; otherwise `reason` is why there is none, and
    `received` are the commands that had reached it, in order.
    """

    running: bool
    output: dict[str, Any] | None = None
    reason: str = ""
    received: list[Command] = []


READ_PART = Activity("read_part", ReadPart, PartRead)
