"""What became of an orchestration whose parent broke off."""

from typing import Any

from rollout.base import Activity, Value


class ReadPart(Value):
    """Is that sub-orchestration over, and how did it end?"""

    instance_id: str


class PartRead(Value):
    """`output` is its result if it completed, `reason` why there is none otherwise."""

    running: bool
    output: dict[str, Any] | None = None
    reason: str = ""


READ_PART = Activity("read_part", ReadPart, PartRead)
