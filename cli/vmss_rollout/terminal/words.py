"""What is said of a rollout in words: the same on the screen and in a line."""

from datetime import timedelta

from vmss_rollout.terminal.icons import CELLS, label
from vmss_rollout.values import counted, number, spoken
from vmss_rollout.view import View

_MOST_IMPORTANT_FIRST = "faucsrpdkg"
_IN_PROGRESS = frozenset("ucs")


def most_important(cells: str) -> str:
    """The one state that stands for all of these: trouble first, then what moves, then the rest.
    A state that is not known here comes before all.
    """
    unknown = (cell for cell in cells if cell not in CELLS)
    return next(unknown, None) or next(cell for cell in _MOST_IMPORTANT_FIRST if cell in cells)


def row_state(cells: str) -> str:
    """The word for a row: "begun" between two of its batches, else its most telling state."""
    if not cells:
        return ""
    state = most_important(cells)
    return "begun" if state == "p" and "d" in cells else label(state)


def moving(cells: str) -> bool:
    """Whether something is going on in the row."""
    return not _IN_PROGRESS.isdisjoint(cells)


def done_of(cells: str) -> str:
    """How many of the row's instances are done: "4/4"."""
    return f"{cells.count('d')}/{len(cells)}"


def counts_text(view: View) -> str:
    """All counts, without those that are none: "8 of 20 done, 4 in progress, 8 pending"; "" while
    no instance is known.
    """
    total = number(view.counts, "total")
    if not total:
        return ""
    names = {
        "inProgress": "in progress",
        "pending": "pending",
        "failed": "failed",
        "aborted": "aborted",
        "skipped": "skipped",
    }
    others = [(number(view.counts, name), word) for name, word in names.items()]
    whole = counted(total, view.unit) if view.unit else str(total)
    done = f"{number(view.counts, 'done')} of {whole} done"
    return ", ".join([done, *(f"{count} {word}" for count, word in others if count)])


def elapsed(view: View) -> str | None:
    """How long the rollout has taken up to the moment the view describes; None before it began."""
    until = view.finished_at or view.updated_at
    if view.started_at is None or until is None:
        return None
    return spoken(until - view.started_at)


def opening(view: View) -> str | None:
    """How long it waits for its window from then on; None if it does not."""
    if view.opens_at is None or view.updated_at is None or view.opens_at <= view.updated_at:
        return None
    return spoken(view.opens_at - view.updated_at)


def remaining(view: View) -> str | None:
    """How long it will probably take from then on; None when it has ended, or waits for people."""
    if view.ended or view.waits:
        return None
    if view.eta is None or view.updated_at is None:
        return "estimating"
    left = view.eta - view.updated_at
    return f"about {spoken(left)}" if left > timedelta(0) else "any moment"
