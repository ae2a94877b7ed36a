"""Runs functions in this process, on a thread and a loop of the app's own.

A blocking `async def` stops the app, as it does on Azure, but not the host. All hosts of a process
share the loop: the durable client's session belongs to the loop that first used it.
"""

import asyncio
import itertools
import os
import threading
import time
import uuid

from azure.functions.meta import Datum

from local.host.app import runtime, sdk
from local.host.app.functions import Function
from local.host.app.runner import Outcome


class AppLoop:
    """One loop in one thread, for as long as it is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._loop = asyncio.new_event_loop()
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

    def call(self, function: Function, inputs: runtime.Inputs) -> Outcome:
        steps = runtime.invoke(_invocation(), function.id, inputs)
        return asyncio.run_coroutine_threadsafe(steps, self._loop)

    def call_now(self, function: Function, inputs: runtime.Inputs) -> Datum | None:
        return runtime.invoke_now(_invocation(), function.id, inputs)

    def _start(self) -> None:
        sdk.prepare()
        runtime.start_threads()
        if self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="app", daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        asyncio.run_coroutine_threadsafe(_finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        runtime.stop_threads()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


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


def _invocation() -> str:
    """As in Azure: a GUID of its own for each invocation, across processes too."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{_PROCESS}/{next(_invocations)}"))
