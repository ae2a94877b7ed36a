"""How soon to look again: soon after something has moved, and ever later while nothing does."""

_CLOSEST, _FARTHEST, _SLOWER = 2.0, 15.0, 1.5
"""Seconds; the page looks at the same pace."""
_TROUBLE, _LONGEST_TROUBLE = 2.0, 30.0


class Pace:
    """Between the looks of one watch."""

    def __init__(self) -> None:
        self._wait = _CLOSEST
        self._trouble = _TROUBLE

    def after(self, *, moved: bool) -> float:
        """Seconds after a look that was answered."""
        self._trouble = _TROUBLE
        self._wait = _CLOSEST if moved else min(self._wait * _SLOWER, _FARTHEST)
        return self._wait

    def after_trouble(self) -> float:
        """Seconds after a look that was not."""
        wait = self._trouble
        self._trouble = min(self._trouble * 2, _LONGEST_TROUBLE)
        return wait
