"""Screens of the command, kept whole as text: at three widths, with and without colour.

Write what they are now with WRITE_SCREENS=1, and look at every one that has changed.
"""

import os
from collections.abc import Callable
from pathlib import Path

from command import Done

TESTS = Path(__file__).parents[1]
SCREENS = TESTS / "cli" / "screens"
REHEARSED = TESTS / "rehearsal" / "screens"
WIDTHS = (60, 80, 200)

type Draw = Callable[[int, bool], Done]
"""At a width, and whether in colour."""


def hold(name: str, draw: Draw, folder: Path = SCREENS) -> None:
    """Compare what is drawn with what was kept in the folder."""
    drawn = "\n".join(
        _text(draw(width, colour), width, colour=colour)
        for colour in (False, True)
        for width in WIDTHS
    )
    file = folder / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def _text(done: Done, width: int, *, colour: bool) -> str:
    head = f"=== {width} columns{', colours' if colour else ''}: exit code {done.code}"
    shown = "\n".join([head, *done.lines, *(f"! {line}" for line in done.err.splitlines())])
    return shown.replace("\x1b", "␛") + "\n"
