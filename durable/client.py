"""Every call of Durable's client, in one place: those that are the same on 1.7 and 2.x."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import azure.durable_functions as df
import azure.functions as func

from rollout.base import Value, unpacked
from rollout.run import (
    INDEX_ENTITY,
    Command,
    channel_of,
    lines_of,
    rollback_id,
    shard_of,
    shards_of,
)

_START_ATTEMPTS = 5
"""How often to start something that was in its own way a moment ago."""


class Client(Protocol):
    """The part of Durable's client that we use."""

    async def start_new(
        self, orchestration_function_name: str, instance_id: str, client_input: Any
    ) -> str: ...
    async def get_status(
        self,
        instance_id: str,
        *,
        show_history: bool = False,
        show_history_output: bool = False,
        show_input: bool = True,
    ) -> Any: ...
    async def get_status_by(
        self, created_time_from: Any, created_time_to: Any, runtime_status: Any
    ) -> list[Any]: ...
    async def purge_instance_history(self, instance_id: str) -> Any: ...
    async def raise_event(self, instance_id: str, event_name: str, event_data: Any) -> None: ...
    async def read_entity_state(self, entityId: Any) -> Any: ...
    async def signal_entity(
        self, entityId: Any, operation_name: str, operation_input: Any
    ) -> None: ...
    def create_check_status_response(
        self, request: func.HttpRequest, instance_id: str
    ) -> func.HttpResponse: ...


@dataclass(frozen=True)
class OrchestrationInstance:
    """An orchestration instance. `status` is Durable's runtime status; `updated_at` is when it last
    did something, which for an ended instance is its end; `created_at` when it was started.
    """

    name: str
    status: str
    input: Any
    output: Any
    custom_status: Any
    updated_at: datetime | None = None
    created_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.status in {"Running", "Pending", "Suspended", "ContinuedAsNew"}

    @property
    def completed(self) -> bool:
        """Whether it ended by itself, and as it should."""
        return self.status == "Completed"

    def started_with[V: Value](self, name: str, kind: type[V]) -> V | None:
        """Its input, if it is an orchestration of that name; None if it is another one, or if
        somebody has started it past the app with something that is no such input.
        """
        if self.name != name:
            return None
        try:
            return kind.from_json(self.input)
        except ValueError:
            return None


async def raised(client: Client, instance_id: str, event: str, data: Value) -> bool:
    """Raise an event; False if the instance has ended meanwhile."""
    try:
        await client.raise_event(instance_id, event, data.to_json())
    except Exception:
        # The SDK has one exception for everything: only the instance's state tells what happened.
        instance = await find_instance(client, instance_id)
        if instance and instance.active:
            raise
        return False
    return True


async def command_raised(client: Client, instance_id: str, command: Command) -> bool:
    """Raise the event that carries an operator's command; False if the instance has ended."""
    return await raised(client, instance_id, channel_of(command.verb), command)


async def find_instance(client: Client, instance_id: str) -> OrchestrationInstance | None:
    """The instance of that id, or None."""
    status = await client.get_status(instance_id)
    if not status or status.runtime_status is None:
        return None
    return OrchestrationInstance(
        name=status.name,
        status=status.runtime_status.value,
        input=_decoded(status.input_),
        output=_decoded(status.output),
        custom_status=_decoded(status.custom_status),
        updated_at=status.last_updated_time,
        created_at=status.created_time,
    )


async def started_as(client: Client, root_id: str) -> OrchestrationInstance | None:
    """What has the id of a rollout or a fleet rollout: it itself, or its rollback, if that is all
    that is left. Somebody may purge what has ended, and that while its rollback runs.
    """
    root = await find_instance(client, root_id)
    return root or await find_instance(client, rollback_id(root_id))


def _decoded(value: Any) -> Any:
    """JSON arrives as text or already decoded, depending on how the instance was started."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def events_received(client: Client, instance_id: str, names: Collection[str]) -> list[Any]:
    """The values of all events of those names that have reached an instance, in order."""
    status = await client.get_status(
        instance_id, show_history=True, show_history_output=True, show_input=True
    )
    # 1.x calls them so, and has an attribute `history` that it never fills.
    history: list[dict[str, Any]] = getattr(status, "historyEvents", None) or []
    raised = [each for each in history if each.get("EventType") == "EventRaised"]
    # Sent as JSON text of JSON text, by the app's own client.
    return [_decoded(_decoded(each.get("Input"))) for each in raised if each.get("Name") in names]


async def start(
    client: Client, name: str, instance_id: str, payload: dict[str, Any]
) -> OrchestrationInstance | None:
    """Start an orchestration under that id, unless one of that id is active. Returns the instance
    that has the id now; None if it has vanished meanwhile. Raises whatever else went wrong.

    Whether it is ours, only this answer tells: of any number of simultaneous starts Durable reports
    success to each, and runs one. The instance's row names that one from the first moment on
    (measured with 150 simultaneous starts on Durable Task 3.19).
    """
    for attempt in range(1, _START_ATTEMPTS + 1):
        try:
            await client.start_new(name, instance_id, payload)
            break
        except Exception:
            # 1.x raises plain Exception, 2.x a gRPC error: only the state shows a conflict, and
            # what was in the way may have ended since.
            existing = await find_instance(client, instance_id)
            if existing and existing.active:
                return existing
            if existing is None or attempt == _START_ATTEMPTS:
                raise
    return await find_instance(client, instance_id)


async def start_first(
    client: Client, name: str, instance_id: str, payload: dict[str, Any]
) -> OrchestrationInstance | None:
    """The same, unless anything of that id is there: what has ended is not replaced, which Durable
    would do. Its calls have no such condition: between the look and the start it goes unseen.
    """
    if there := await find_instance(client, instance_id):
        return there
    try:
        await client.start_new(name, instance_id, payload)
    except Exception:
        there = await find_instance(client, instance_id)
        if there is None:
            raise
        return there
    return await find_instance(client, instance_id)


async def start_once(client: Client, name: str, instance_id: str, payload: dict[str, Any]) -> bool:
    """The same; returns whether it is this start that runs."""
    running = await start(client, name, instance_id, payload)
    return running is not None and (running.name, running.input) == (name, payload)


async def add_to_list(client: Client, index_key: str, line: Value, operation: str = "add") -> None:
    """Add something that has just been started to its list, unless it has done that itself: what
    breaks in its very first step must be found, too. With "put", replace its line.
    """
    added = line.to_json()
    index = df.EntityId(INDEX_ENTITY, shard_of(index_key, added["id"]))
    await client.signal_entity(index, operation, added)


async def index_lines(client: Client, index_key: str) -> list[dict[str, Any]]:
    """The lines of a list as they were written, newest first."""
    return lines_of(await entity_states(client, INDEX_ENTITY, shards_of(index_key)))


async def entity_state(client: Client, entity: str, key: str) -> Any:
    """The state of an entity, or None if it has none yet."""
    response = await client.read_entity_state(df.EntityId(entity, key))
    return unpacked(_decoded(response.entity_state)) if response.entity_exists else None


async def entity_states(client: Client, entity: str, keys: Sequence[str]) -> list[Any]:
    """The states of several entities, read at once."""
    return await asyncio.gather(*(entity_state(client, entity, key) for key in keys))


def management_links(client: Client, req: func.HttpRequest, instance_id: str) -> dict[str, Any]:
    """Durable's own management URIs for that instance."""
    return json.loads(client.create_check_status_response(req, instance_id).get_body())
