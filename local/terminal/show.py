"""Shows a rollout while it goes on: live on a terminal, line by line everywhere else."""

from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.live import Live

from local.terminal.line import line
from local.terminal.screen import Screen
from rollout.run import RolloutView


class Show(Protocol):
    """A context manager: what was shown last stays on the screen."""

    def update(self, view: RolloutView) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def show_on(console: Console) -> Show:
    """The show for where the console writes to: a terminal, or a pipe or file."""
    live = console.is_terminal and not console.is_dumb_terminal
    return LiveShow(console) if live else PlainShow(console)


def console_on(file: TextIO) -> Console:
    """A console without control codes where the file is no terminal, whatever FORCE_COLOR says."""
    return Console(file=file, force_terminal=file.isatty(), highlight=False)


class LiveShow:
    """One screen that is drawn anew."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False)

    def update(self, view: RolloutView) -> None:
        self._live.update(Screen(view), refresh=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()


class PlainShow:
    """A line whenever there is news, and the last screen at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: RolloutView | None = None

    def update(self, view: RolloutView) -> None:
        if self._last is None or line(view) != line(self._last):
            # rich would wrap and colour it
            print(line(view), file=self._console.file, flush=True)
        self._last = view

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._last is not None:
            self._console.print("", Screen(self._last), sep="\n")
