"""A rollout as one line of plain text, for logs and pipes."""

from vmss_rollout.terminal import words
from vmss_rollout.view import View


def line(view: View) -> str:
    """Phase, percent, counts, message and notice. Nothing in it moves with time alone, so that a
    line that differs from the one before is news. Azure's own messages may have line breaks in
    them; this has none.
    """
    parts = [
        f"{view.phase} {view.percent} %",
        words.counts_text(view),
        view.message,
        view.notice,
    ]
    return " ".join(" | ".join(part for part in parts if part).split())
