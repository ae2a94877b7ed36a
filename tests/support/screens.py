"""Screens of the command, kept whole as text: at three widths, with and without colour.

Write what they are now with WRITE_SCREENS=1, and look at every one that has changed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

from command import Done
from nightly import NIGHTLY

TESTS = Path(__file__).parents[1]
SCREENS = TESTS / "cli" / "screens"
REHEARSED = TESTS / "rehearsal" / "screens"
WIDTHS = (60, 80, 200)
WAYS = [(width, colour) for colour in (False, True) for width in WIDTHS]

type Draw = Callable[[int, bool], Done]
"""At a width, and whether in colour."""


def hold(name: str, draw: Draw, folder: Path = SCREENS) -> None:
    """Compare what is drawn with what was kept in the folder; by day, in two ways of six."""
    file = folder / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        drawn = [_text(draw(*way), *way) for way in WAYS]
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(drawn), encoding="utf-8")
    kept = file.read_text(encoding="utf-8").split("\n=== ")
    assert len(kept) == len(WAYS)
    for way in WAYS if NIGHTLY else _by_day(name):
        there = kept[WAYS.index(way)].removeprefix("=== ").rstrip("\n")
        assert f"=== {there}\n" == _text(draw(*way), *way)


def _by_day(name: str) -> list[tuple[int, bool]]:
    """Each screen once without colour and once in colour, another one at other widths."""
    turn = crc32(name.encode()) % len(WIDTHS)
    return [(WIDTHS[turn], False), (WIDTHS[turn - 1], True)]


def _text(done: Done, width: int, colour: bool) -> str:  # noqa: FBT001 - as it is drawn
    head = f"=== {width} columns{', colours' if colour else ''}: exit code {done.code}"
    shown = "\n".join([head, *done.lines, *(f"! {line}" for line in done.err.splitlines())])
    return shown.replace("\x1b", "␛") + "\n"
