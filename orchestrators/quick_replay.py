"""Makes replay quick. In each turn the SDK reads the times of the whole history again, and dateutil
takes two thirds of a long turn for that; and we would make every status again that was ever set, of
which Durable gets the last.

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
CONTEXT = "azure.durable_functions.models.DurableOrchestrationContext"


@cache
def quicken_replay() -> None:
    """Once per process: have the SDK read times with the standard library, and make the class of
    tuples once that it would make anew for each turn. Neither changes what a replay comes to.
    """
    _replace(HISTORY_EVENT, "dt_parse", _quick)
    _replace(EXECUTOR, "namedtuple", cache)


def late(make: Callable[[], Any]) -> Any:
    """What to set as a custom status that `make` makes: it is made when the turn is over, and only
    if none was set after it; at once where the SDK has no such place.
    """
    return make if _makes_statuses_late() else make()


@cache
def _makes_statuses_late() -> bool:
    context = getattr(import_module(CONTEXT), "DurableOrchestrationContext", None)
    read = getattr(context, "custom_status", None)
    if not isinstance(read, property) or read.fget is None:
        return False
    setattr(context, "custom_status", property(_made(read.fget)))  # noqa: B010 - a class of theirs
    return True


def _made(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def custom_status(context: Any) -> Any:
        status = read(context)
        return status() if callable(status) else status

    return custom_status


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
