"""How many instances, or scale sets, are in which state."""

from collections import Counter

from rollout.base import IN_PROGRESS, LEFT_ALONE, Cell, Value


class Counts(Value):
    """They add up: total = done + skipped + failed + aborted + inProgress + pending. An instance
    that was rolled back counts as pending: it runs its original image. Only scale sets are counted
    as aborted: their rollout was, and may have moved some of their instances.
    """

    total: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    aborted: int = 0
    in_progress: int = 0
    pending: int = 0

    @classmethod
    def of(cls, cells: str) -> "Counts":
        """Count the letters of cells."""
        by = Counter(Cell(letter) for letter in cells)
        return cls(
            total=len(cells),
            done=by[Cell.DONE],
            skipped=sum(by[cell] for cell in LEFT_ALONE),
            failed=by[Cell.FAILED],
            aborted=by[Cell.ABORTED],
            in_progress=sum(by[cell] for cell in IN_PROGRESS),
            pending=by[Cell.PENDING] + by[Cell.ROLLED_BACK],
        )

    @property
    def percent(self) -> int:
        """How much of what is to be moved is done, in percent; 100 if there is nothing to move."""
        moving = self.total - self.skipped
        return 100 * self.done // moving if moving else 100
