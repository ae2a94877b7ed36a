"""Tables that fit the terminal: what matters least is left out first."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

_GAP = 2
_NARROWEST = 20


@dataclass(frozen=True)
class Column:
    """Its title and a cell per line. The column of the lowest `rank` is left out first; one that
    folds takes the room that is left.
    """

    title: str
    cells: list[str]
    rank: int = 9
    right: bool = False
    folds: bool = False
    style: str = ""

    @property
    def width(self) -> int:
        longest = max(len(cell) for cell in [self.title, *self.cells])
        return min(longest, _NARROWEST) if self.folds else longest


@dataclass(frozen=True)
class Table:
    """Columns in their order; those without any text are left out."""

    columns: list[Column]

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        shown = _fitting([column for column in self.columns if any(column.cells)], options)
        table = RichTable(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        for column in shown:
            table.add_column(
                Text(column.title),
                justify="right" if column.right else "left",
                no_wrap=not column.folds,
                overflow="fold" if column.folds else "ellipsis",
                style=column.style,
            )
        for cells in zip(*(column.cells for column in shown), strict=True):
            table.add_row(*(Text(cell) for cell in cells))
        yield table


def _fitting(columns: list[Column], options: ConsoleOptions) -> list[Column]:
    shown = list(columns)
    while len(shown) > 1 and _width(shown) > options.max_width:
        least = min(shown, key=lambda column: column.rank)
        shown.remove(least)
    return shown


def _width(columns: list[Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)
