"""The state of one instance in a rollout, as one letter of the heat map."""

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

    @property
    def word(self) -> str:
        """The state in one word: pending, upgrading, checking …"""
        return self.name.lower().replace("_", " ")


IN_PROGRESS = frozenset({Cell.UPGRADING, Cell.CHECKING, Cell.SETTLING})
LEFT_ALONE = frozenset({Cell.SKIPPED, Cell.GONE})
