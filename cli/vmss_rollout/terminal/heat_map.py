"""The heat map's rows as bars: a coloured cell per instance, or per several of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.text import Text

from vmss_rollout.terminal import icons
from vmss_rollout.terminal.words import most_important
from vmss_rollout.view import Row

_WIDE = 3
_GAP = 2
_USUAL = "pucsd"


@dataclass(frozen=True)
class Scale:
    """How many instances a cell stands for, and how many columns it takes.

    The same for all rows, so that they can be compared.
    """

    instances: int
    columns: int

    @classmethod
    def fitting(cls, rows: Sequence[Row], width: int) -> Self:
        """The largest scale at which the longest row fits into `width` columns."""
        longest = max((len(row.cells) for row in rows), default=0)
        columns = _WIDE if longest * _WIDE <= width else 1
        return cls(instances=max(1, -(-longest // width)), columns=columns)


def bar(cells: str, scale: Scale, *, ascii_only: bool) -> Text:
    """One row. A cell that stands for several instances shows the most telling of them."""
    drawn = Text()
    for first in range(0, len(cells), scale.instances):
        icon = icons.of_cell(most_important(cells[first : first + scale.instances]))
        drawn.append(icon.shown(ascii_only=ascii_only).center(scale.columns), icon.style)
    return drawn


def legend(rows: Sequence[Row], scale: Scale, width: int, *, ascii_only: bool) -> Text:
    """What the cells mean: the usual states always, the others when there are any. A cell and its
    word stay together on a line.
    """
    there = {*_USUAL, *"".join(row.cells for row in rows)}
    unknown = sorted(there - icons.CELLS.keys())
    drawn, room = Text(), width
    for cell in [*(cell for cell in icons.CELLS if cell in there), *unknown]:
        icon = icons.of_cell(cell)
        shown = Text(icon.shown(ascii_only=ascii_only), icon.style).append(f" {icon.label}", "dim")
        gap = _GAP if drawn else 0
        if gap + len(shown) > room:
            gap, room = 0, width
            drawn.append("\n")
        drawn.append(" " * gap).append_text(shown)
        room -= gap + len(shown)
    if scale.instances > 1:
        several = f"up to {scale.instances} instances, the most telling one shown"
        drawn.append(f"\none cell stands for {several}", "dim")
    return drawn
