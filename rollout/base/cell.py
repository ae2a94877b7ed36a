"""The state of an instance in a rollout, or of a scale set in a fleet rollout, as a letter."""

from enum import StrEnum


class Cell(StrEnum):
    """One letter per instance, so that a thousand fit into a Durable custom status (16 KB)."""

    PENDING = "p"
    UPGRADING = "u"
    CHECKING = "c"
    SETTLING = "s"
    DONE = "d"
    FAILED = "f"
    SKIPPED = "k"
    GONE = "g"
    ROLLED_BACK = "r"
    ABORTED = "a"
    """Only of a scale set: an instance is never left in the middle."""

    @property
    def state(self) -> str:
        """The name used in JSON: pending, upgrading … rolledBack."""
        first, *rest = self.name.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def label(self) -> str:
        """The name used in messages: pending, upgrading … rolled back."""
        return self.name.lower().replace("_", " ")


NOT_ARRIVED = frozenset({Cell.FAILED, Cell.ABORTED})
"""How a scale set ends that is not where it was to be."""
IN_PROGRESS = frozenset({Cell.UPGRADING, Cell.CHECKING, Cell.SETTLING})
LEFT_ALONE = frozenset({Cell.SKIPPED, Cell.GONE})
