"""Invokes an app's functions, wherever they run."""

from azure.functions.meta import Datum

from local.host.app.app_loop import APP_LOOP
from local.host.app.functions import Function
from local.host.app.runner import Outcome, Runner
from local.host.app.runtime import Inputs


class Worker:
    """Invokes functions. `client` is the JSON that durable client bindings are given; `runner` is
    where the functions run, the `runner` of what was loaded.
    """

    def __init__(self, client: str, runner: Runner = APP_LOOP) -> None:
        self._client = client
        self._runner = runner
        self._under_way: set[Outcome] = set()
        runner.acquire()

    def call(self, function: Function, data: Datum) -> Outcome:
        """Invoke a function; the future holds its return value or what it raised, or WorkerDied."""
        future = self._runner.call(function, self._inputs(function, data))
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def call_now(self, function: Function, data: Datum) -> Datum | None:
        """Invoke a sync function and wait for it. Raises what it raised, or WorkerDied."""
        return self._runner.call_now(function, self._inputs(function, data))

    def stop(self) -> None:
        """Cancel what is under way (it runs again after a restart) and release the runner."""
        for future in tuple(self._under_way):
            future.cancel()
        self._runner.release()

    def _inputs(self, function: Function, data: Datum) -> Inputs:
        clients = [(name, Datum(self._client, "string")) for name in function.clients]
        return [(function.parameter, data), *clients]
