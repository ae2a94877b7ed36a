"""What the host asks of an app, and of where its functions run: this process, or one of its own."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from azure.functions.meta import Datum

from local.host.app.functions import Catalog, Function
from local.host.app.runtime import Inputs

type Outcome = Future[Datum | None]
"""A function's return value, or what it raised."""


class WorkerDied(RuntimeError):  # noqa: N818 - what happened, not an error of anybody's
    """The process that ran the function ended before it answered; what the function did until then
    is unknown. In the words of the Functions host, "python exited with code 137 (0x89)".
    """


class Runner(Protocol):
    """Runs functions, for as long as at least one user has acquired it."""

    def acquire(self) -> None: ...
    def release(self) -> None: ...

    def call(self, function: Function, inputs: Inputs) -> Outcome:
        """Run a function; does not wait. The future may hold WorkerDied."""
        ...

    def call_now(self, function: Function, inputs: Inputs) -> Datum | None:
        """Run a sync function and wait for it. Raises what it raised, or WorkerDied."""
        ...


class RunnableApp(Protocol):
    """An app that has been loaded."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def runner(self) -> Runner: ...

    def close(self) -> None:
        """Unload it."""
        ...


type Load = Callable[[Path], RunnableApp]
"""Loads the app of a directory. Raises AppError when it cannot be loaded."""
