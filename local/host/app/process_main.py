"""`python -m local.host.app.process_main`: the process that loads an app and runs its functions.

The host starts it, with a pipe's file descriptor, the app's directory, and a log level. It ends at
once when the pipe does, because the host has ended, or wants it to.
"""

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from pathlib import Path
from typing import override

from local.host.app.app import App, AppError
from local.host.app.app_loop import APP_LOOP
from local.host.app.functions import Function
from local.host.app.messages import Answered, FromProcess, Invoke, Loaded, Moment, Raised
from local.host.app.runner import Outcome

_PLAIN = (str, int, float, type(None))

type Pipe = Connection[FromProcess, Invoke]


class Replies(QueueHandler):
    """Sends answers and log records to the host, from any thread."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__(None)  # pyright: ignore[reportArgumentType] - the pipe is its queue
        self._pipe = pipe
        self._sending = threading.Lock()

    def send(self, message: FromProcess) -> None:
        """Once the host has ended, for nobody: who reads the pipe notices, and ends the process."""
        with self._sending, suppress(OSError):
            self._pipe.send(message)

    @override
    def enqueue(self, record: logging.LogRecord) -> None:
        """What it carries beyond its text may be of the app's own classes: it crosses as text."""
        for name, value in vars(record).items():
            if not isinstance(value, _PLAIN):
                setattr(record, name, str(value))
        self.send(record)


def main() -> None:
    descriptor, directory, level = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the host ends us
    pipe: Pipe = Connection(int(descriptor))
    replies = Replies(pipe)
    logging.basicConfig(level=int(level), handlers=[replies], format="%(message)s")
    try:
        _serve(pipe, replies, Path(directory))
    except (EOFError, OSError):  # nothing waits for what still runs
        sys.stdout.flush()
        os._exit(0)


def _serve(pipe: Pipe, replies: Replies, directory: Path) -> None:
    """Serve until the pipe ends. Raises EOFError or OSError then."""
    try:
        app = App(directory)
    except AppError as error:
        replies.send(Loaded(Raised.of(error)))
        sys.exit(1)
    APP_LOOP.acquire()
    replies.send(Loaded(app.indexed))
    functions = {each.name: each for each in app.catalog.all}
    while True:
        _run(pipe.recv(), functions, replies)


def _run(order: Invoke, functions: dict[str, Function], replies: Replies) -> None:
    if order.dies is Moment.BEFORE:
        _die()

    def answer(done: Outcome) -> None:
        if order.dies is Moment.AFTER:
            _die()
        error = done.exception()
        replies.send(Answered(order.number, Raised.of(error) if error else done.result()))

    APP_LOOP.call(functions[order.function], order.inputs).add_done_callback(answer)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
