"""What is said of a rollout in words: the same on the screen and in a line."""

from datetime import timedelta

from rollout.base import Cell, spoken
from rollout.inventory import Image, ImageChange, Row
from rollout.run import Counts, RolloutView

_MOST_IMPORTANT_FIRST = (
    Cell.FAILED,
    Cell.ABORTED,
    Cell.UPGRADING,
    Cell.CHECKING,
    Cell.SETTLING,
    Cell.ROLLED_BACK,
    Cell.PENDING,
    Cell.DONE,
    Cell.SKIPPED,
    Cell.GONE,
)


def title(view: RolloutView) -> str:
    """The scale set and its resource group: "web (resource group demo)"."""
    return f"{view.scale_set.name} (resource group {view.scale_set.resource_group})"


def image_change(change: ImageChange, arrow: str) -> str:
    """From which image to which; what both have in common is said once. "" when not known yet."""
    before, after = _short(change.from_image), _short(change.to_image)
    if not (before and after):
        return after or before
    family, _, version = after.rpartition(":")
    own_family, _, own_version = before.rpartition(":")
    if family and family == own_family:
        return f"{family} {own_version} {arrow} {version}"
    return f"{before} {arrow} {after}"


def _short(image: Image | None) -> str:
    """A URN as it is; an ARM id or URI by its names: "gallery:image:1.0.7", "disk.vhd"."""
    if image is None:
        return ""
    if image.uri:
        return image.uri.rpartition("/")[2]
    return ":".join((image.id or "").split("/")[8::2]) or str(image)


def place(row: Row) -> str:
    """Which part of the scale set a row is: "zone 1, update domain 0"."""
    parts = [
        ("zone", row.zone),
        ("update domain", row.update_domain),
        ("fault domain", row.fault_domain),
    ]
    named = [f"{word} {number}" for word, number in parts if number is not None]
    return ", ".join(named) or "all instances"


def most_important(cells: str) -> Cell:
    """The one state that stands for all of these: trouble first, then what moves, then the rest."""
    return next(cell for cell in _MOST_IMPORTANT_FIRST if cell in cells)


def row_state(row: Row) -> str:
    """The word for a row: "begun" between two of its batches, else its most telling state."""
    state = most_important(row.cells)
    between = state is Cell.PENDING and Cell.DONE in row.cells
    return "begun" if between else state.label


def done_of(row: Row) -> str:
    """How many of the row's instances are done: "4/4"."""
    return f"{row.cells.count(Cell.DONE)}/{len(row.cells)}"


def counts_text(counts: Counts) -> str:
    """All counts, without those that are none: "8 of 20 done, 4 in progress, 8 pending"; "" while
    no instance is known.
    """
    if not counts.total:
        return ""
    others = [
        (counts.in_progress, "in progress"),
        (counts.pending, "pending"),
        (counts.failed, "failed"),
        (counts.skipped, "skipped"),
    ]
    return ", ".join(
        [f"{counts.done} of {counts.total} done"]
        + [f"{count} {word}" for count, word in others if count]
    )


def elapsed(view: RolloutView) -> str | None:
    """How long the rollout has taken up to the moment the view describes; None before it began."""
    until = view.finished_at or view.updated_at
    if view.started_at is None or until is None:
        return None
    return spoken(until - view.started_at)


def remaining(view: RolloutView) -> str | None:
    """How long it will probably take from then on; None when it has ended."""
    if view.phase.ended:
        return None
    if view.eta is None or view.updated_at is None:
        return "estimating"
    left = view.eta - view.updated_at
    return f"about {spoken(left)}" if left > timedelta(0) else "any moment"
