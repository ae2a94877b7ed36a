"""Where the runbook has what to do about a message."""

import json
from collections.abc import Iterable
from importlib.resources import files

PAGE = "docs/runbook.md"
_WAITS = f"{PAGE}#waiting-for-approval-paused-or-aborted"
_BROKE_OFF = f"{PAGE}#broken-off-standing-still-ended-from-outside"
_STOPPED = f"{PAGE}#a-rollout-stopped"
_BY_STATE = {
    "approval": _WAITS,
    "decision": f"{PAGE}#instances-failed",
    "resume": _WAITS,
    "brokenOff": _BROKE_OFF,
    "standingStill": _BROKE_OFF,
    "rollbackIncomplete": f"{PAGE}#say-rollback-again",
    "repairsSuspended": f"{PAGE}#other-errors",
    "failed": _STOPPED,
    "Failed": _STOPPED,
    "Aborted": _WAITS,
    "RolledBack": f"{PAGE}#rollback",
}


def entry(messages: Iterable[str], states: Iterable[str]) -> str:
    """The section about the first of these messages that has one, else about the first of these
    states (what it needs, its phase); "" if nothing is to be done.
    """
    sections = _sections()
    for message in messages:
        found = max((text for text in sections if _says(message, text)), key=len, default="")
        if found:
            return sections[found]
    return next((_BY_STATE[state] for state in states if state in _BY_STATE), "")


def _sections() -> dict[str, str]:
    """By the text of a message, in which … stands for what varies; made of the page by
    tests/cli/test_runbook_entries.py.
    """
    return json.loads(files("vmss_rollout").joinpath("runbook.json").read_text(encoding="utf-8"))


def _says(message: str, text: str) -> bool:
    """Whether the message has all the parts of the text, in their order."""
    at = 0
    for part in text.casefold().split("…"):
        found = message.casefold().find(part.strip(), at)
        if found < 0:
            return False
        at = found + len(part.strip())
    return True
