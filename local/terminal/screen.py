"""A rollout as a whole screen: a pure function of its view and the terminal's width."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from local.terminal import words
from local.terminal.heat_map import Scale, bar, legend
from local.terminal.icons import PHASES
from rollout.base import IN_PROGRESS
from rollout.inventory import Row
from rollout.run import RolloutView

_GAP = 2
_NARROWEST_BAR = 10


@dataclass(frozen=True)
class Screen:
    """Renders a view. What matters most comes first: a low terminal cuts off the end."""

    view: RolloutView

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        ascii_only = options.ascii_only
        yield _heading(self.view, ascii_only=ascii_only)
        yield ""
        yield _phase(self.view, ascii_only=ascii_only)
        yield _figures(self.view)
        if self.view.rows:
            yield ""
            yield _heat_map(self.view.rows, options.max_width, ascii_only=ascii_only)


def _heading(view: RolloutView, *, ascii_only: bool) -> Text:
    change = words.image_change(view.image, "->" if ascii_only else "→")
    heading = Text(words.title(view), "bold")
    return heading.append(f"\n{change}", "not bold") if change else heading


def _phase(view: RolloutView, *, ascii_only: bool) -> Text:
    """The phase, what is going on, and what else is to be said."""
    icon = PHASES[view.phase]
    said = Text(f"{icon.shown(ascii_only=ascii_only)} {view.phase}", icon.style)
    said.append(f"  {view.percent} %\n", "not bold").append(view.message, "default not bold")
    return said.append(f"\n{view.notice}", "yellow") if view.notice else said


def _figures(view: RolloutView) -> Text:
    times = [("elapsed", words.elapsed(view)), ("remaining", words.remaining(view))]
    spent = ", ".join(f"{word}: {time}" for word, time in times if time)
    return Text("\n".join(filter(None, [words.counts_text(view.counts), spent])), "dim")


def _heat_map(rows: list[Row], width: int, *, ascii_only: bool) -> Group:
    """A line per row: where, the bar, how many are done, what is going on there."""
    labels = [(words.place(row), words.done_of(row), words.row_state(row)) for row in rows]
    around = sum(max(map(len, column)) + _GAP for column in zip(*labels, strict=True))
    scale = Scale.fitting(rows, max(_NARROWEST_BAR, width - around))
    lines = Table.grid(padding=(0, _GAP))
    for row, (where, done, state) in zip(rows, labels, strict=True):
        drawn = bar(row.cells, scale, ascii_only=ascii_only)
        lines.add_row(where, drawn, Text(done, justify="right"), _state(row, state))
    return Group(lines, "", legend(rows, scale, ascii_only=ascii_only))


def _state(row: Row, state: str) -> Text:
    moving = not IN_PROGRESS.isdisjoint(row.cells)
    return Text(state, "bold" if moving else "dim")
