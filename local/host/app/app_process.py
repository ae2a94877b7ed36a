"""Runs an app in a process of its own, which can die, as the Functions host does."""

import itertools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from azure.functions.meta import Datum

from local.host.app.app import AppError
from local.host.app.functions import Catalog, Function, function_of
from local.host.app.messages import Answered, FromProcess, Invoke, Loaded, Moment, Raised
from local.host.app.runner import Outcome, WorkerDied
from local.host.app.runtime import Indexed, Inputs

ROOT = Path(__file__).parents[3]  # where `local` is imported from
log = logging.getLogger("local.host")

SIGNALLED = 128  # a process that a signal ended has this exit code plus the signal's number

type Kill = Callable[[Function], Moment | None]
"""Asked at each invocation: whether the process dies in it, and when."""


def never(_: Function) -> None:
    """Let no invocation die."""


class Process:
    """One process, from its start to its death. Its output goes where the host's goes."""

    def __init__(self, directory: Path, died: Callable[["Process", WorkerDied], None]) -> None:
        ours, theirs = Pipe()
        self._pipe: Connection[Invoke, FromProcess] = ours
        self._sending = threading.Lock()
        self._open: dict[int, Outcome] = {}
        self._died = died
        self.loaded: Future[list[Indexed]] = Future()
        with theirs:
            self._process = _start(theirs.fileno(), directory)
        threading.Thread(target=self._listen, name="app-process", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, order: Invoke, outcome: Outcome) -> bool:
        """Have an invocation run, now or as soon as the app is loaded. False when the process was
        dead before it could get it.
        """
        self._open[order.number] = outcome
        try:
            with self._sending:
                self._pipe.send(order)
        except OSError:
            # If it is no longer among them, who listens has told its caller.
            return self._open.pop(order.number, None) is None
        return True

    def end(self) -> None:
        """Have it end at once, whatever it does."""
        self._process.kill()
        self._process.wait()

    def _listen(self) -> None:
        try:
            while True:
                self._take(self._pipe.recv())
        except (EOFError, OSError):
            error = self._death()
            self._died(self, error)
            self._lose(error)
            self._pipe.close()

    def _death(self) -> WorkerDied:
        """As the Functions host words it (azure-functions-python-worker, issue 871)."""
        code = self._process.wait()
        code = SIGNALLED - code if code < 0 else code
        message = f"python exited with code {code} (0x{code:X})"
        reason = self.loaded.exception() if self.loaded.done() else None
        return WorkerDied(f"{message}: {reason}" if reason else message)

    def _take(self, message: FromProcess) -> None:
        match message:
            case Answered(number, outcome):
                _settle(self._open.pop(number), outcome)
            case Loaded(Raised() as raised):
                self.loaded.set_exception(_cannot_be_loaded(raised))
            case Loaded(list() as functions):
                self.loaded.set_result(functions)
            case logging.LogRecord() as record:
                logger = logging.getLogger(record.name)
                if logger.isEnabledFor(record.levelno):
                    logger.handle(record)
            case _:
                raise TypeError(f"the app's process sent {message!r}")

    def _lose(self, error: WorkerDied) -> None:
        """Its invocations are lost."""
        if not self.loaded.done():
            self.loaded.set_exception(AppError(str(error)))
        while self._open:
            _, outcome = self._open.popitem()
            _fail(outcome, error)


class AppProcess:
    """An app directory with a `function_app.py`, loaded by a process. Raises AppError when it
    cannot be loaded. When the process dies, all that it runs raises WorkerDied, and the next
    invocation starts another one. `kill` says in which invocations it dies: for tests.
    """

    def __init__(self, directory: Path, kill: Kill = never) -> None:
        self._directory = directory.resolve()
        self._kill = kill
        self._numbers = itertools.count(1)
        self._starting = threading.Lock()
        self._process: Process | None = None
        self._death: WorkerDied | None = None
        self._closed = False
        try:
            self.catalog = Catalog([function_of(each) for each in self._running().loaded.result()])
        except AppError:
            self.close()
            raise
        self.runner = self

    @property
    def pid(self) -> int:
        """Of the process that the next invocation runs in; starts one if there is none."""
        return self._running().pid

    def call(self, function: Function, inputs: Inputs) -> Outcome:
        outcome: Outcome = Future()
        order = Invoke(next(self._numbers), function.name, inputs, self._kill(function))
        try:
            while not (process := self._running()).run(order, outcome):
                self._forget(process)
        except WorkerDied as error:
            outcome.set_exception(error)
        return outcome

    def call_now(self, function: Function, inputs: Inputs) -> Datum | None:
        return self.call(function, inputs).result()

    def acquire(self) -> None:
        """It runs already."""

    def release(self) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one; another one cannot be started."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                self._process.end()

    def _running(self) -> Process:
        """Raises WorkerDied when the host has stopped."""
        with self._starting:
            if self._closed:
                raise WorkerDied("the host has stopped")
            if self._process is None:
                if self._death is not None:
                    log.warning("%s; it is started again", self._death)
                self._process = Process(self._directory, self._died)
            return self._process

    def _died(self, process: Process, error: WorkerDied) -> None:
        self._death = error
        self._forget(process)

    def _forget(self, process: Process) -> None:
        """The next invocation needs another one."""
        with self._starting:
            if self._process is process:
                self._process = None


def _start(descriptor: int, directory: Path) -> subprocess.Popen[bytes]:
    level = logging.getLogger().getEffectiveLevel()
    environ = os.environ  # noqa: TID251 - the app's settings are in the host's environment
    paths = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 - this very interpreter, and a module of our own
        [
            *(sys.executable, "-P", "-m", "local.host.app.process_main"),
            *(str(descriptor), str(directory), str(level)),
        ],
        pass_fds=[descriptor],
        env={**environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def _settle(outcome: Outcome, result: Datum | Raised | None) -> None:
    if isinstance(result, Raised):
        _fail(outcome, result.exception())
    elif outcome.set_running_or_notify_cancel():
        outcome.set_result(result)


def _fail(outcome: Outcome, error: Exception) -> None:
    """Of a caller that no longer waits, nothing is heard."""
    if outcome.set_running_or_notify_cancel():
        outcome.set_exception(error)


def _cannot_be_loaded(raised: Raised) -> AppError:
    error = AppError(raised.text)
    error.__cause__ = raised.exception()
    return error
