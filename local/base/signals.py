"""Ctrl-C and SIGTERM, as an event to wait for or as an exception.

Both work whatever was inherited: a shell starts the background jobs of a script with SIGINT
ignored.
"""

import signal
import threading
from types import FrameType

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


def stop_requested() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set from now on, even while the program still starts."""
    requested = threading.Event()

    def request(_number: int, _frame: FrameType | None) -> None:
        requested.set()

    for number in _NUMBERS:
        signal.signal(number, request)
    return requested


def interrupt_on_stop() -> None:
    """Have Ctrl-C and SIGTERM raise KeyboardInterrupt from now on."""
    for number in _NUMBERS:
        signal.signal(number, signal.default_int_handler)
