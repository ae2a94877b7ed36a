"""The Functions worker library (azure-functions-runtime 1.3.0): indexing and invocation.

The library is untyped and internal; everything that touches it is here.
"""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportAttributeAccessIssue=false
# ruff: noqa: SLF001

import functools
import inspect
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as library
from azure.functions.meta import Datum
from azure_functions_runtime import handle_event, loader, native_invocation
from azure_functions_runtime.bindings import meta

FUNCTION_APP = "function_app.py"

type Inputs = list[tuple[str, Datum]]

_serials = itertools.count(1)
_raised: dict[str, Exception] = {}  # by invocation id: the library passes on only the repr


class _BindingInfo(SimpleNamespace):
    inout, out, undefined = 2, 1, 0


_PROTOS = SimpleNamespace(
    BindingInfo=_BindingInfo, RpcFunctionMetadata=SimpleNamespace, RpcRetryOptions=SimpleNamespace
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A function the library found: its id here, and its bindings as JSON texts."""

    id: str
    name: str
    raw_bindings: list[str]


def index(app_dir: Path) -> list[Indexed]:
    """Import and index `function_app.py`, which must be on the path.

    Raises whatever importing or indexing the app raises. The library's registry is one per
    process and names functions by their names only; serial numbers keep several hosts apart.
    """
    meta.load_binding_registry()
    registry = loader.Registry()
    found = loader.index_function_app(FUNCTION_APP)
    metadata, _ = loader.process_indexed_function(_PROTOS, registry, found, str(app_dir))
    serial = next(_serials)
    return [_adopt(registry, each, serial) for each in metadata]


def forget(functions: list[Indexed]) -> None:
    """Take functions out of the library's registry."""
    for function in functions:
        handle_event._functions._functions.pop(function.id, None)


async def invoke(invocation: str, function: str, inputs: Inputs) -> Datum | None:
    """Run a function as the worker does: on this loop, or, when it is sync, on a worker thread.

    Raises what the function raised.
    """
    ok, value, _, text, _ = await native_invocation.invocation_request_native(
        invocation, function, inputs, {}
    )
    return _result(invocation, value, text, ok=ok)


def invoke_now(invocation: str, function: str, inputs: Inputs) -> Datum | None:
    """Run a sync function on a worker thread and wait for it. Raises what it raised."""
    _, ok, value, _, text, _ = native_invocation.run_invocation_sync(
        invocation, function, inputs, {}
    )
    return _result(invocation, value, text, ok=bool(ok))


def start_threads() -> None:
    """Start the pool that sync functions run on (PYTHON_THREADPOOL_THREAD_COUNT threads)."""
    library.start_threadpool_executor()
    logging.getLogger("azure.functions").addFilter(_keep_record)


def stop_threads() -> None:
    """End the pool, after what runs on it."""
    library.stop_threadpool_executor()
    logging.getLogger("azure.functions").removeFilter(_keep_record)


def _adopt(registry: Any, function: Any, serial: int) -> Indexed:
    identity = f"{serial}:{function.function_id}"
    info = registry.get_function(function.function_id)
    handle_event._functions._functions[identity] = info._replace(
        function_id=identity, func=_keeping_exceptions(info.func)
    )
    return Indexed(identity, function.name, function.raw_bindings)


def _keeping_exceptions(function: Callable[..., Any]) -> Callable[..., Any]:
    def keep(error: Exception) -> None:
        _raised[library.invocation_id_cv.get() or ""] = error

    @functools.wraps(function)
    async def run_async(**arguments: Any) -> Any:
        try:
            return await function(**arguments)
        except Exception as error:
            keep(error)
            raise

    @functools.wraps(function)
    def run_sync(**arguments: Any) -> Any:
        try:
            return function(**arguments)
        except Exception as error:
            keep(error)
            raise

    return run_async if inspect.iscoroutinefunction(function) else run_sync


def _result(invocation: str, value: Any, text: str | None, *, ok: bool) -> Datum | None:
    raised = _raised.pop(invocation, None)
    if ok:
        return value
    raise raised or RuntimeError(text or "the worker library gave no reason")


def _keep_record(record: logging.LogRecord) -> bool:
    """Drop the library's own line for a failed invocation: the host logs what it means."""
    return not str(record.msg).startswith("Native ")
