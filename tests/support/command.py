"""The command in a test: its words go in, what it writes and its exit code come out."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from story import System

from vmss_rollout.main import main
from vmss_rollout.session import Session


class Kept:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}

    def get(self, url: str) -> str:
        return self.keys.get(url, "")

    def put(self, url: str, key: str) -> None:
        self.keys[url] = key


SOON = timedelta(seconds=60)
"""What is due so soon is waited for at once."""


@dataclass(frozen=True)
class Done:
    """What came of a call."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass
class Person:
    """Somebody with a terminal (or a pipe, if `live` is not set) and the address of an app.
    `answers` are what they type when they are asked, `pressed` the keys they press, one per pause.
    """

    environ: dict[str, str]
    file: Path
    waiting: Callable[[float], None] = lambda _: None
    width: int = 80
    colour: bool = False
    live: bool = False
    answers: list[str] = field(default_factory=list[str])
    pressed: list[str] = field(default_factory=list[str])
    kept: Kept = field(default_factory=Kept)
    at_keyboard: bool = False

    def says(self, *words: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        code = main(words, self._session(self._console(out), self._console(err)))
        return Done(code, plain(out.getvalue()), plain(err.getvalue()))

    def _console(self, file: io.StringIO) -> Console:
        return Console(
            file=file,
            width=self.width,
            height=40,
            force_terminal=self.live or self.colour,
            color_system="standard" if self.colour else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def _session(self, out: Console, err: Console) -> Session:
        from local.base.clock import ManualClock

        return Session(
            environ=self.environ,
            file=self.file,
            out=out,
            err=err,
            secrets=self.kept,
            now=ManualClock().now,
            pause=self._pause,
            ask=self._answer if self.at_keyboard else None,
            account=lambda: "ann",
            secret=self._answer,
        )

    def _pause(self, seconds: float) -> str:
        self.waiting(seconds)
        pressed = self.pressed.pop(0) if self.pressed else ""
        if pressed == "^C":
            raise KeyboardInterrupt
        return pressed

    def _answer(self, _question: str) -> str:
        answer = self.answers.pop(0)
        if answer == "^C":
            raise KeyboardInterrupt
        if answer == "^D":
            raise EOFError
        return answer


def plain(text: str) -> str:
    """Without the blanks that fill lines up."""
    return "\n".join(line.rstrip() for line in text.splitlines())


def at(system: System, folder: Path) -> Person:
    """Somebody at the terminal of a system in skipped time: when they wait, time passes."""

    def waiting(seconds: float) -> None:
        now = system.clock.now()
        soon, due = now + timedelta(seconds=seconds), system.host.next_due or now
        system.clock.jump(due if soon < due < now + SOON else soon)
        system.host.wait_idle()

    return Person({"VMSS_ROLLOUT_APP": system.host.url}, folder / "config.yaml", waiting)
