"""What kind of news there is, and which line of an event log becomes which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from rollout.base import Cell, EventKind


class NewsKind(StrEnum):
    """What has happened, for who was not looking. Not every line of a log is news."""

    STARTED = "started"
    NEEDS_YOU = "needsYou"
    GATE_FAILED = "gateFailed"
    BATCH_DONE = "batchDone"
    PAUSED = "paused"
    ROLLED_BACK = "rolledBack"
    FINISHED = "finished"
    REPAIRS_SUSPENDED = "repairsSuspended"
    IMAGE_WAITS = "imageWaits"
    GLASS_BROKEN = "glassBroken"
    STOP_THE_LINE = "stopTheLine"
    TEST = "test"


TROUBLES = frozenset(
    {
        NewsKind.NEEDS_YOU,
        NewsKind.GATE_FAILED,
        NewsKind.PAUSED,
        NewsKind.ROLLED_BACK,
        NewsKind.REPAIRS_SUSPENDED,
        NewsKind.GLASS_BROKEN,
        NewsKind.STOP_THE_LINE,
    }
)
"""What somebody may have to do something about."""

_KINDS: Mapping[str, NewsKind] = {
    EventKind.STARTED: NewsKind.STARTED,
    EventKind.APPROVAL_ASKED: NewsKind.NEEDS_YOU,
    EventKind.WAVE_FINISHED: NewsKind.BATCH_DONE,
    EventKind.ROLLING_BACK: NewsKind.ROLLED_BACK,
    EventKind.FINISHED: NewsKind.FINISHED,
    EventKind.BROKEN_OFF: NewsKind.FINISHED,
    EventKind.REPAIRS_NOT_RESTORED: NewsKind.REPAIRS_SUSPENDED,
    EventKind.PUBLISHED: NewsKind.IMAGE_WAITS,
    EventKind.HANDLED: NewsKind.FINISHED,
    EventKind.GATE_FAILED: NewsKind.GATE_FAILED,
    EventKind.HOOK_FAILED: NewsKind.GATE_FAILED,
    EventKind.NOT_PUT_BACK: NewsKind.NEEDS_YOU,
    EventKind.GLASS_BROKEN: NewsKind.GLASS_BROKEN,
    EventKind.LINE_STOPPED: NewsKind.STOP_THE_LINE,
    EventKind.LINE_LIFTED: NewsKind.STOP_THE_LINE,
}
"""By what is written into a log."""


def news_kind(event: Mapping[str, Any]) -> NewsKind | None:
    """None if that line of a log is no news; also if only a later version of the app knows it."""
    kind, evidence = event["kind"], event.get("evidence", {})
    if kind == EventKind.PAUSED:
        return NewsKind.NEEDS_YOU if evidence.get("decision") else NewsKind.PAUSED
    if kind == EventKind.BATCH_FINISHED:
        failed = Cell.FAILED in evidence.get("cells", "")
        return NewsKind.GATE_FAILED if failed else NewsKind.BATCH_DONE
    return _KINDS.get(kind)
