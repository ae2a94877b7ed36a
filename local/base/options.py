"""The options that the commands of the local system share."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, override

from local.base.server import LOOPBACK

_STATE = ".local"
_LAST_PORT = 65_535
_HIGHEST_SPEED = 10_000


class Parser(argparse.ArgumentParser):
    """Reports an error in one sentence, and ends with exit code 2."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; --help says what there is\n")

    def add_port(self, name: str, default: int | None, otherwise: str = "") -> None:
        """`otherwise` says what is taken when there is no default."""
        help_text = f"on {LOOPBACK}; 0 takes a free one (default: {otherwise or default})"
        self.add_argument(name, type=_port, default=default, metavar="PORT", help=help_text)

    def add_speed(self, default: float) -> None:
        help_text = f"how much faster time passes than real time (default: {default:g})"
        self.add_argument("--speed", type=_speed, default=default, metavar="N", help=help_text)

    def add_directory(self, name: str, default: Path | None, otherwise: str = "") -> None:
        """`otherwise` says what is taken when there is no default."""
        help_text = f"directory of the state (default: {otherwise or default})"
        self.add_argument(name, type=_directory, default=default, metavar="DIR", help=help_text)

    def add_kept(self) -> None:
        """Where the state is kept, and whether it begins anew; `kept_beside` is the place."""
        self.add_directory("--state", None, f"{_STATE}, or {_STATE}-PORT for another port")
        empty = "at first without the example fleet"
        self.add_argument("--empty", action="store_true", help=empty)
        anew = "forget what was kept, begin anew"
        self.add_argument("--fresh", action="store_true", help=anew)

    def add_seed(self, name: str, what: str) -> None:
        """A text that chance is drawn from; None when it is not given."""
        self.add_argument(name, metavar="SEED", help=what)

    def add_count(self, name: str, default: int, highest: int, what: str) -> None:
        help_text = f"{what}: 1 to {highest} (default: {default})"
        kind = _count_up_to(highest)
        self.add_argument(name, type=kind, default=default, metavar="N", help=help_text)


def kept_beside(options: argparse.Namespace, usual_port: int) -> Path:
    """The directory of the state: its own for each port, so that several can run side by side."""
    if options.state is not None:
        return options.state
    return Path(_STATE if options.port in {0, usual_port} else f"{_STATE}-{options.port}")


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= _LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: use 0 to {_LAST_PORT}")


def _speed(text: str) -> float:
    problem = f"{text!r} is not a speed: use a number above 0, at most {_HIGHEST_SPEED}"
    try:
        speed = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(problem) from error
    if 0 < speed <= _HIGHEST_SPEED:
        return speed
    raise argparse.ArgumentTypeError(problem)


def _directory(text: str) -> Path:
    """A directory that exists, or can be made."""
    path = Path(text)
    existing = next(each for each in (path, *path.resolve().parents) if each.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return path
    raise argparse.ArgumentTypeError(f"{existing} is not a directory that can be written to")


def _count_up_to(highest: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        if text.isdecimal() and 1 <= int(text) <= highest:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {highest}")

    return count
