"""Makes replay quick: in each turn the SDK reads the times of the whole history again, and dateutil
takes two thirds of a long turn for that.

Pinned to azure-functions-durable 1.7.0: the names are not public. Where they are not there any
more, replay is as slow as the SDK has it; tests/project/test_quick_replay.py says so first.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

# The package's attributes of the same names are classes; these are the modules.
HISTORY_EVENT = "azure.durable_functions.models.history.HistoryEvent"
EXECUTOR = "azure.durable_functions.models.TaskOrchestrationExecutor"


@cache
def quicken_replay() -> None:
    """Once per process: have the SDK read times with the standard library, and make the class of
    tuples once that it would make anew for each turn. Neither changes what a replay comes to.
    """
    _replace(HISTORY_EVENT, "dt_parse", _quick)
    _replace(EXECUTOR, "namedtuple", cache)


def _replace(module_name: str, name: str, quicker: Callable[[Any], Any]) -> None:
    module = import_module(module_name)
    if slow := getattr(module, name, None):
        setattr(module, name, quicker(slow))


def _quick(parse: Callable[[str], datetime]) -> Callable[[str], datetime]:
    def moment(text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:  # whatever dateutil can make of it
            return parse(text)

    return moment
