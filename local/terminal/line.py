"""A rollout as one line of plain text, for logs and pipes."""

from local.terminal import words
from rollout.run import RolloutView


def line(view: RolloutView) -> str:
    """Phase, percent, counts, message and notice. Nothing in it moves with time alone, so that a
    line that differs from the one before is news. Azure's own messages may have line breaks in
    them; this has none.
    """
    parts = [
        f"{view.phase} {view.percent} %",
        words.counts_text(view.counts),
        view.message,
        view.notice,
    ]
    return " ".join(" | ".join(part for part in parts if part).split())
