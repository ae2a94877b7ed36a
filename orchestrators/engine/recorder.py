"""What an orchestration makes visible: custom status, event log, list of rollouts."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import azure.durable_functions as df

from orchestrators.engine.context import Context
from rollout.base import Caller, Event, EventKind, Value
from rollout.run import INDEX_ENTITY, INDEX_KEY, RECORD_ENTITY


def by_caller(caller: Caller | None) -> dict[str, Any]:
    """The evidence of who did it; none if nobody was signed in."""
    return {"caller": caller.to_json()} if caller else {}


class Started(Protocol):
    """What a rollout, or a fleet rollout, was started with."""

    @property
    def request(self) -> Value: ...
    @property
    def started_by(self) -> Caller | None: ...
    @property
    def run(self) -> str: ...


class Recorder:
    """Signals are fire-and-forget: Durable delivers each one once, in the order sent."""

    def __init__(
        self,
        context: Context,
        rollout_id: str,
        *,
        within: Sequence[int] = (),
        written: int = 0,
    ) -> None:
        """`within` is the position of the event with which this part began, `written` how many
        events an earlier orchestration of the same part has written.
        """
        self._context = context
        self._within = list(within)
        self._written = written
        self._record = df.EntityId(RECORD_ENTITY, rollout_id)

    @property
    def position(self) -> list[int]:
        """The position of the last event."""
        return [*self._within, self._written]

    def publish(self, status: dict[str, Any]) -> None:
        """Set the custom status, which must stay under 16 KB of UTF-16."""
        self._context.set_custom_status(status)

    def write(self, kind: EventKind, message: str, **evidence: Any) -> None:
        """Append a line to the event log."""
        now = self._context.current_utc_datetime
        self._written += 1
        event = Event(at=now, kind=kind, message=message, evidence=evidence, position=self.position)
        self._context.signal_entity(self._record, "event", event.to_json())

    def write_start(self, message: str, started: Started) -> None:
        """Append that it has begun: with what was asked, and by whom if somebody was signed in.
        `run` tells a restart of it from another start under the same id.
        """
        caller = started.started_by
        said = f"{message}, started by {caller.name}" if caller else message
        run = {"run": started.run} if started.run else {}
        asked = started.request.to_json()
        self.write(EventKind.STARTED, said, request=asked, **run, **by_caller(caller))

    def keep_baseline(self, packed: dict[str, Any]) -> None:
        """Store the instances as they were before anything moved."""
        self._context.signal_entity(self._record, "baseline", packed)

    def explain(self, reasons: Mapping[str, str]) -> None:
        """Store why instances were skipped or have failed, replacing earlier reasons."""
        self._context.signal_entity(self._record, "reasons", dict(reasons))

    def put_in_list(self, summary: Value, index_key: str = INDEX_KEY) -> None:
        """Add the rollout to its list (of rollouts, or of fleet rollouts), or update its line."""
        index = df.EntityId(INDEX_ENTITY, index_key)
        self._context.signal_entity(index, "put", summary.to_json())
