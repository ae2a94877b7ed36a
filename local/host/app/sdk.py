"""The few places that reach into the Durable SDK's own modules, each with its reason.

Pinned to azure-functions-durable 1.7.0: none of this is public.
"""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownArgumentType=false
# ruff: noqa: SLF001

import asyncio
import importlib
import logging
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from local.host.replay import FAILURE_LABEL

log = logging.getLogger("local.host.sdk")

# The package attribute of the same name is a class; this is the module.
EXECUTOR = "azure.durable_functions.models.TaskOrchestrationExecutor"
WARN_IN_APP_CODE = (EXECUTOR, "azure.functions._durable_functions", "aiohttp.connector")


@cache
def prepare() -> None:
    """Once per process: add to a replay's answers, and turn warnings into log lines.

    The answer gets the number of task ids the SDK has given, which its actions do not show.
    A warning must never become an exception in the middle of a replay, whatever the filters of
    this process say (pytest turns warnings into errors).
    """
    executor = importlib.import_module(EXECUTOR).TaskOrchestrationExecutor
    executor.get_orchestrator_state_str = _counting(executor.get_orchestrator_state_str)
    for name in WARN_IN_APP_CODE:
        module = importlib.import_module(name)
        module.warnings = SimpleNamespace(warn=_log_warning)


async def close_client_session() -> None:
    """Close the durable client's session; it belongs to the loop that this runs on."""
    http: Any = importlib.import_module("azure.durable_functions.models.utils.http_utils")
    await http._close_session()
    http._session_lock = asyncio.Lock()  # a lock, once contended, is bound to its loop for good


def _counting(answer: Callable[[Any], str]) -> Callable[[Any], str]:
    """Add `taskIds` to an answer, also to one that a failure's message carries."""

    def counted(executor: Any) -> str:
        more = f', "taskIds": {executor.context._sequence_number}}}'
        try:
            return answer(executor)[:-1] + more
        except Exception as error:
            if FAILURE_LABEL not in str(error):
                raise
            raise type(error)(str(error)[:-1] + more) from error.__cause__

    return counted


def _log_warning(message: object, *_: object, **__: object) -> None:
    log.warning("%s", message)
