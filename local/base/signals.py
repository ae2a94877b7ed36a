"""Ctrl-C and SIGTERM, as an event to wait for."""

import signal
import threading


def stop_requested() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set from now on, even while the program still starts."""
    requested = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: requested.set())
    return requested
