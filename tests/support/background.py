"""Processes as a script starts them in the background."""

import signal
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def as_background_job() -> Generator[None]:
    """A process that is started meanwhile inherits that SIGINT is ignored, as with `command &`."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
