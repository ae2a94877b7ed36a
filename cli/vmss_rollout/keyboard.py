"""Keys as they are pressed, where the system can give them; else only time passes."""

import os
import select
import sys
import time

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None


def pause(seconds: float) -> str:
    """Wait so long, or until a key is pressed: which, or ""."""
    if termios is None or tty is None:
        time.sleep(seconds)
        return ""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        # Not through Python's buffer: it would take more than one, and select would miss those.
        return os.read(sys.stdin.fileno(), 1).decode(errors="ignore") if ready else ""
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
