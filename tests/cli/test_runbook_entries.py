"""`why` leads to the entry of the runbook that is about what it explains.

Write the entries anew from the pages with WRITE_SCREENS=1.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT, anchors

from vmss_rollout import runbook

ENTRIES = ROOT / "cli/vmss_rollout/runbook.json"
PAGES = {
    "docs/runbook.md": (
        "changes-made-by-others",
        "too-many-instances-are-unhealthy",
        "a-gate-holds-it-or-has-failed",
        "a-hook-is-not-done",
        "instances-failed",
        "waiting-for-approval-paused-or-aborted",
        "other-errors",
        "broken-off-standing-still-ended-from-outside",
        "rollback",
        "azure-answers-with-an-error",
        "a-setting-of-the-app-is-wrong",
    ),
    "docs/fleets.md": ("a-fleet-rollout-stopped",),
}
"""The sections about what a rollout says."""
ROW = re.compile(r"^\| ((?:`[^`]*`|[^|`])*) \|(?! nothing is wrong)", re.MULTILINE)
LETTERS = 12
"""What has fewer letters of its own is found in many messages."""


def literals(page: str) -> Iterator[tuple[str, str]]:
    """Each message in the first column of a table, and the section that it stands in; but for those
    with which nothing is wrong.
    """
    text = (ROOT / page).read_text(encoding="utf-8")
    parts = re.split(r"^#+ .+$", text, flags=re.MULTILINE)[1:]
    for anchor, part in zip(anchors(Path(page)), parts, strict=True):
        if anchor in PAGES[page]:
            for row in ROW.findall(part):
                yield from ((said, f"{page}#{anchor}") for said in re.findall(r"`([^`]+)`", row))


def entries() -> dict[str, str]:
    """A message that stands in several sections is told by the first."""
    found: dict[str, str] = {}
    for page in PAGES:
        for said, section in literals(page):
            if len(re.findall(r"[a-z]", said)) >= LETTERS and " " in said:
                found.setdefault(said.strip(" .…"), section)
    return found


def test_the_entries_are_those_of_the_pages() -> None:
    now = json.dumps(entries(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("WRITE_SCREENS"):
        ENTRIES.write_text(now, encoding="utf-8")
    assert now == ENTRIES.read_text(encoding="utf-8")


def test_every_section_is_there_and_has_entries() -> None:
    known = {f"{page}#{anchor}" for page in PAGES for anchor in anchors(Path(page))}
    states = {runbook.entry([], [state]) for state in STATES}
    assert states <= known
    assert {f"{page}#{anchor}" for page in PAGES for anchor in PAGES[page]} == {*entries().values()}


STATES = [
    "approval", "decision", "resume", "brokenOff", "standingStill", "rollbackIncomplete",
    "repairsSuspended", "failed", "Failed", "Aborted", "RolledBack",
]  # fmt: skip


@pytest.mark.parametrize(("said", "section"), entries().items())
def test_a_message_leads_to_its_section(said: str, section: str) -> None:
    message = f"Stopped after batch 1 of 5: {said.replace('…', '5')}. 3 instance(s) run it."
    assert runbook.entry([message], ["failed"]) == section


DECIDE = "Retry or skip the failed instances, roll back, or abort."


@pytest.mark.parametrize(
    ("message", "states", "section"),
    [
        ("Batch 1 of 2 waits for approval.", [], "waiting-for-approval-paused-or-aborted"),
        (f"Paused after batch 1: x. {DECIDE}", [], "instances-failed"),
        ("What nobody knows.", ["decision"], "instances-failed"),
        ("What nobody knows.", ["moon", "RolledBack"], "rollback"),
    ],
)
def test_what_is_said_leads_there(message: str, states: list[str], section: str) -> None:
    assert runbook.entry([message], states) == f"docs/runbook.md#{section}"


def test_what_goes_on_needs_no_entry() -> None:
    for message in ("Batch 3 of 5: 4 upgrading", "Wave canary: baking for 1 h, until 9"):
        assert runbook.entry([message], ["Progressing"]) == ""
