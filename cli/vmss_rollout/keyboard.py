"""Keys as they are pressed, where there is a terminal that gives them; else only time passes."""

import sys
import time
from collections.abc import Callable

_BETWEEN_LOOKS = 0.05
_AT_ONCE = 4096
_CTRL_C = "\x03"
_PREFIXES = {"\x00", "\xe0"}
"""What Windows gives first for a key that is no character, such as an arrow."""

if sys.platform == "win32":
    import msvcrt

    def pause(seconds: float) -> str:
        """Wait so long, or until a key is pressed: which, or ""."""
        return polled(seconds, msvcrt.kbhit, msvcrt.getwch, time.sleep)
else:
    import os
    import select
    import termios
    import tty

    def pause(seconds: float) -> str:
        """Wait so long, or until a key is pressed: which, or ""."""
        if not _in_front():
            time.sleep(seconds)
            return ""
        before = termios.tcgetattr(sys.stdin)
        try:
            # Not its default, which throws away what was pressed since the last look.
            tty.setcbreak(sys.stdin, termios.TCSADRAIN)
            ready, _, _ = select.select([sys.stdin], [], [], seconds)
            return key_of(
                os.read(sys.stdin.fileno(), _AT_ONCE).decode(errors="ignore") if ready else ""
            )
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    def _in_front() -> bool:
        """Whether keys come here: a job in the background would be stopped for asking."""
        try:
            return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
        except (OSError, ValueError):
            return False


def key_of(read: str) -> str:
    """The key, however often it was pressed; "" for what comes as several characters: an arrow, or
    a text that was pasted for the shell, which is no verb of anybody's.
    """
    return read[0] if len(set(read)) == 1 else ""


def polled(
    seconds: float,
    pressed: Callable[[], bool],
    read: Callable[[], str],
    wait: Callable[[float], object],
) -> str:
    """The same for a terminal that can only be asked whether a key was pressed."""
    for _ in range(max(1, round(seconds / _BETWEEN_LOOKS))):
        if pressed():
            return _character(read)
        wait(_BETWEEN_LOOKS)
    return ""


def _character(read: Callable[[], str]) -> str:
    """Raises KeyboardInterrupt for Ctrl-C, which is a character there while keys are read."""
    key = read()
    if key == _CTRL_C:
        raise KeyboardInterrupt
    if key in _PREFIXES:
        read()
        return ""
    return key
