"""Runs an app's functions, on a thread and a loop of the app's own.

A blocking `async def` stops the app, as it does on Azure, but not the host. All hosts of a process
share the loop: the durable client's session belongs to the loop that first used it.
"""

import asyncio
import itertools
import os
import threading
import time
import uuid
from concurrent.futures import Future

from azure.functions.meta import Datum

from local.host.app import runtime, sdk
from local.host.app.functions import Function


class AppLoop:
    """One loop in one thread, for as long as it is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread()

    def acquire(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._start()

    def release(self) -> None:
        """Close the client's session and end the loop, once nobody uses it any more."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._stop()

    def _start(self) -> None:
        sdk.prepare()
        runtime.start_threads()
        if self.loop.is_closed():
            self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="app", daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        asyncio.run_coroutine_threadsafe(_finish(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        runtime.stop_threads()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


async def _finish() -> None:
    """End what still runs on the loop, then close the client's session."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await sdk.close_client_session()


APP_LOOP = AppLoop()
_PROCESS = f"{os.getpid()}-{time.monotonic_ns()}"
_invocations = itertools.count(1)


class Worker:
    """Invokes functions. `client` is the JSON that durable client bindings are given."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._under_way: set[Future[Datum | None]] = set()
        APP_LOOP.acquire()

    def call(self, function: Function, data: Datum) -> Future[Datum | None]:
        """Invoke a function; the future holds its return value or what it raised."""
        steps = runtime.invoke(_invocation(), function.id, self._inputs(function, data))
        future = asyncio.run_coroutine_threadsafe(steps, APP_LOOP.loop)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def call_now(self, function: Function, data: Datum) -> Datum | None:
        """Invoke a sync function and wait for it. Raises what it raised."""
        return runtime.invoke_now(_invocation(), function.id, self._inputs(function, data))

    def stop(self) -> None:
        """Cancel what is under way (it runs again after a restart) and release the loop."""
        for future in tuple(self._under_way):
            future.cancel()
        APP_LOOP.release()

    def _inputs(self, function: Function, data: Datum) -> runtime.Inputs:
        clients = [(name, Datum(self._client, "string")) for name in function.clients]
        return [(function.parameter, data), *clients]


def _invocation() -> str:
    """As in Azure: a GUID of its own for each invocation, across processes too."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{_PROCESS}/{next(_invocations)}"))
