"""A figure of the app: what was measured, what it was at first, and what it is to come to."""

from dataclasses import dataclass
from typing import Any, Literal

_WHOLE = 100
"""From here on no fractions are shown."""


@dataclass(frozen=True)
class Figure:
    """`first` is what was measured before anybody worked on it; `target` is what it is to reach, if
    anybody has said so.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    first: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        higher = self.better == "higher"
        return self.value >= self.target if higher else self.value <= self.target

    def to_json(self) -> dict[str, Any]:
        names = ("name", "value", "unit", "target", "better")
        return {name: getattr(self, name) for name in names}

    @property
    def row(self) -> str:
        """A row of the table in docs/performance.md."""
        sign = "≥" if self.better == "higher" else "≤"
        target = "" if self.target is None else f"{sign} {shown(self.target)}"
        word = {None: "", True: "yes", False: "**no**"}[self.reached]
        values = (shown(self.first), shown(self.value), self.unit, target, word)
        return f"| {self.name} | {' | '.join(values)} |"


def shown(value: float | None) -> str:
    """As many digits as anybody can use."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:,.3f}".rstrip("0").rstrip(".")
