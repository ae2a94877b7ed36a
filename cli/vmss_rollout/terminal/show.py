"""Shows a rollout while it goes on: live on a terminal, line by line everywhere else."""

from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.live import Live

from vmss_rollout.terminal.line import line
from vmss_rollout.terminal.screen import Screen
from vmss_rollout.view import View


class Show(Protocol):
    """A context manager: what was shown last stays on the screen."""

    def update(self, view: View, keys: str = "") -> None: ...
    def trouble(self, sentence: str) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def is_live(console: Console) -> bool:
    """Whether a picture can be drawn anew there: on a terminal, not in a pipe or a file."""
    return console.is_terminal and not console.is_dumb_terminal


def show_on(console: Console) -> Show:
    """The show for where the console writes to: a terminal, or a pipe or file."""
    return LiveShow(console) if is_live(console) else PlainShow(console)


def console_on(file: TextIO) -> Console:
    """A console without control codes where the file is no terminal, whatever FORCE_COLOR says."""
    return Console(file=file, force_terminal=file.isatty(), highlight=False)


class LiveShow:
    """One screen that is drawn anew."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False)
        self._last: View | None = None

    def update(self, view: View, keys: str = "") -> None:
        self._last = view
        self._live.update(Screen(view, keys), refresh=True)

    def trouble(self, sentence: str) -> None:
        """Why what is shown is not of now."""
        if self._last is None:
            self._live.update(sentence, refresh=True)
        else:
            self._live.update(Screen(self._last, trouble=sentence), refresh=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._last is not None:
            self._live.update(Screen(self._last))
        self._live.stop()


class PlainShow:
    """A line whenever there is news, and the last screen at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: View | None = None
        self._trouble = ""

    def update(self, view: View, keys: str = "") -> None:  # noqa: ARG002 - nobody presses keys here
        if self._last is None or line(view) != line(self._last) or self._trouble:
            self._put(line(view))
        self._last, self._trouble = view, ""

    def trouble(self, sentence: str) -> None:
        """Why nothing comes: said once, not at every look."""
        if sentence != self._trouble:
            self._put(sentence)
        self._trouble = sentence

    def _put(self, said: str) -> None:
        # rich would wrap and colour it
        print(said, file=self._console.file, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._last is not None:
            self._console.print("", Screen(self._last), sep="\n")
