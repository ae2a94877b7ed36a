"""What the host knows of an app's functions: which trigger each has, and how it is called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.host.app.runtime import Indexed
from local.host.replay import Kind, Known

ORCHESTRATION = "orchestrationTrigger"
ACTIVITY = "activityTrigger"
ENTITY = "entityTrigger"
HTTP = "httpTrigger"
EVENT_GRID = "eventGridTrigger"
TIMER = "timerTrigger"
RUN_HERE = frozenset({ORCHESTRATION, ACTIVITY, ENTITY, HTTP, EVENT_GRID, TIMER})


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the app.

    `parameter` takes the trigger's data, `clients` the durable client; `binding` is the trigger's
    own JSON, with route, methods and authLevel of an HTTP trigger.
    """

    id: str
    name: str
    trigger: str
    parameter: str
    binding: Mapping[str, Any]
    clients: tuple[str, ...]

    @property
    def called(self) -> str:
        """The name it is called by: the trigger's own, else the function's."""
        given = (self.binding.get(key) for key in ("orchestration", "activity", "entityName"))
        return next((name for name in given if name), self.name)


class Catalog:
    """The functions of one app, found by trigger and by name (names are case-insensitive)."""

    def __init__(self, functions: list[Function]) -> None:
        self.all = functions
        self._called = {(each.trigger, each.called.lower()): each for each in functions}

    def find(self, trigger: str, name: str) -> Function | None:
        return self._called.get((trigger, name.lower()))

    def with_trigger(self, trigger: str) -> list[Function]:
        return [each for each in self.all if each.trigger == trigger]

    @property
    def not_run(self) -> list[Function]:
        """The functions whose trigger the local host does not have."""
        return [each for each in self.all if each.trigger not in RUN_HERE]

    @property
    def known(self) -> Known:
        """The names an orchestrator may call."""
        return {
            Kind.ACTIVITY: self._names(ACTIVITY),
            Kind.CHILD: self._names(ORCHESTRATION),
            Kind.CALL: self._names(ENTITY),
        }

    def _names(self, trigger: str) -> frozenset[str]:
        return frozenset(name for kind, name in self._called if kind == trigger)


def function_of(indexed: Indexed) -> Function:
    """Find the trigger by its type, never by its place: a durable client may come first."""
    bindings: list[dict[str, Any]] = [json.loads(text) for text in indexed.raw_bindings]
    trigger = next(each for each in bindings if each["type"].endswith("Trigger"))
    clients = (each["name"] for each in bindings if each["type"] == "durableClient")
    return Function(
        id=indexed.id,
        name=indexed.name,
        trigger=trigger["type"],
        parameter=trigger["name"],
        binding=trigger,
        clients=tuple(clients),
    )
