"""A rollout as a whole screen: a pure function of its view and the terminal's width."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from vmss_rollout import images
from vmss_rollout.terminal import icons, words
from vmss_rollout.terminal.heat_map import Scale, bar, legend
from vmss_rollout.view import Row, View

_GAP = 2
_NARROWEST_BAR = 10


@dataclass(frozen=True)
class Screen:
    """Renders a view. What matters most comes first: a low terminal cuts off the end. `keys` is
    what can be pressed, `trouble` why the view is not of now.
    """

    view: View
    keys: str = ""
    trouble: str = ""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        ascii_only = options.ascii_only
        yield _heading(self.view, ascii_only=ascii_only)
        yield ""
        yield _phase(self.view, ascii_only=ascii_only)
        yield _figures(self.view)
        if self.trouble:
            yield Text(self.trouble, "bold red")
        if self.keys:
            yield Text(self.keys, "cyan")
        if self.view.rows:
            yield ""
            yield _heat_map(self.view.rows, options.max_width, ascii_only=ascii_only)
        if self.view.gates:
            yield ""
        for line in self.view.gates:
            yield line.shown(ascii_only=ascii_only)


def _heading(view: View, *, ascii_only: bool) -> Text:
    change = images.change(view.before, view.after, "->" if ascii_only else "→")
    heading = Text(view.title, "bold")
    return heading.append(f"\n{change}", "not bold") if change else heading


def _phase(view: View, *, ascii_only: bool) -> Text:
    """The phase, what is going on, and what else is to be said."""
    icon = icons.of_phase(view.phase)
    said = Text(f"{icon.shown(ascii_only=ascii_only)} {view.phase}", icon.style)
    said.append(f"  {view.percent} %\n", "not bold").append(view.message, "default not bold")
    if view.notice:
        said.append(f"\n{view.notice}", "not bold yellow")
    if view.needed:
        said.append(f"\n{view.needed}", "not bold yellow")
    return said


def _figures(view: View) -> Text:
    times = [
        ("elapsed", words.elapsed(view)),
        ("window opens in", words.opening(view)),
        ("remaining", words.remaining(view)),
    ]
    spent = ", ".join(f"{word}: {time}" for word, time in times if time)
    return Text("\n".join(filter(None, [words.counts_text(view), spent])), "dim")


def _heat_map(rows: list[Row], width: int, *, ascii_only: bool) -> Group:
    """A line per row: where, the bar, how many are done, what is going on there."""
    labels = [(row.label, words.done_of(row.cells), words.row_state(row.cells)) for row in rows]
    around = sum(max(map(len, column)) + _GAP for column in zip(*labels, strict=True))
    scale = Scale.fitting(rows, max(_NARROWEST_BAR, width - around))
    drawn = Table.grid(padding=(0, _GAP))
    for row, (where, done, state) in zip(rows, labels, strict=True):
        shown = bar(row.cells, scale, ascii_only=ascii_only)
        style = "bold" if words.moving(row.cells) else "dim"
        drawn.add_row(where, shown, Text(done, justify="right"), Text(state, style))
    return Group(drawn, "", legend(rows, scale, width, ascii_only=ascii_only))
