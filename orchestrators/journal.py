"""Tells the world: the custom status, the event log, the list of rollouts."""

from collections.abc import Mapping
from typing import Any

import azure.durable_functions as df

from orchestrators.context import Context
from rollout.event import Event, EventKind
from rollout.record import INDEX_ENTITY, INDEX_KEY, RECORD_ENTITY
from rollout.value import Value


class Journal:
    """Signals are fire and forget: Durable delivers each once, in the order they were sent."""

    def __init__(self, context: Context, rollout_id: str) -> None:
        self._context = context
        self._record = df.EntityId(RECORD_ENTITY, rollout_id)

    def publish(self, status: dict[str, Any]) -> None:
        """Set the custom status; it must stay under 16 KB of UTF-16."""
        self._context.set_custom_status(status)

    def write(self, kind: EventKind, message: str, **evidence: Any) -> None:
        """Append a line to the event log."""
        now = self._context.current_utc_datetime
        event = Event(at=now, kind=kind, message=message, evidence=evidence)
        self._context.signal_entity(self._record, "event", event.to_json())

    def keep_baseline(self, packed_fleet: dict[str, Any]) -> None:
        """Keep what the instances were before anything moved."""
        self._context.signal_entity(self._record, "baseline", packed_fleet)

    def explain(self, reasons: Mapping[str, str]) -> None:
        """Keep why instances were skipped, or have failed; what was kept before is replaced."""
        self._context.signal_entity(self._record, "reasons", dict(reasons))

    def list_as(self, summary: Value, index_key: str = INDEX_KEY) -> None:
        """Put the rollout into the list of rollouts, or of fleet rollouts, or update its line."""
        index = df.EntityId(INDEX_ENTITY, index_key)
        self._context.signal_entity(index, "put", summary.to_json())
