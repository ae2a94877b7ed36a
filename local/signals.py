"""Ctrl-C and SIGTERM, as an event to wait for."""

import signal
import threading


def told_to_end() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set, from now on: also while something still starts."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    return ended
