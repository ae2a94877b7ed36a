"""What an orchestration makes visible: custom status, event log, list of rollouts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import azure.durable_functions as df

from orchestrators.engine.context import Context
from orchestrators.quick_replay import late
from rollout.base import Caller, Event, EventKind, Value
from rollout.retention import OldEvents
from rollout.run import (
    INDEX_ENTITY,
    INDEX_KEY,
    LOG_ENTITY,
    RECORD_ENTITY,
    TelemetryContext,
    cause_of,
    log_key,
    part_of,
    shard_of,
)


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
        standing: TelemetryContext | None = None,
    ) -> None:
        """`within` is the position of the event with which this part began, `written` how many
        events an earlier orchestration of the same part has written, and `standing` is where it
        stood then.
        """
        self._context = context
        self._rollout_id = rollout_id
        self._standing = standing or TelemetryContext()
        self._waits: dict[tuple[str, ...], list[int]] = {}
        self._within = list(within)
        self._written = written
        self._record = df.EntityId(RECORD_ENTITY, rollout_id)

    @property
    def position(self) -> list[int]:
        """The position of the last event."""
        return [*self._within, self._written]

    def publish(self, status: Callable[[], dict[str, Any]]) -> None:
        """Set the custom status, which must stay under 16 KB of UTF-16. It is made at the end of
        the turn: from what stands now, not from what changes until then.
        """
        self._context.set_custom_status(late(status))

    def write(self, kind: EventKind, message: str, **evidence: Any) -> None:
        """Append a line to the event log. A wait for what it waited for before has the position of
        that line, which then counts one more.
        """
        now, before = self._context.current_utc_datetime, self.position
        event = Event(at=now, kind=kind, message=message, evidence=evidence)
        line = event.model_copy(update={"position": self._place(event)}).to_json()
        said: dict[str, Any] = {"event": line}
        part = part_of(line["position"])
        if self.position != before and part != part_of(before):
            self._context.signal_entity(self._record, "part", part)
            said["standing"] = self._standing.to_json()
        self._context.signal_entity(self._log(part), "event", said)
        self._standing = self._standing.then(line)

    def _place(self, event: Event) -> list[int]:
        if event.kind is not EventKind.WAITING:
            self._waits = {}
        elif known := self._waits.get(cause_of(event.to_json())):
            return known
        self._written += 1
        if event.kind is EventKind.WAITING:
            self._waits[cause_of(event.to_json())] = self.position
        return self.position

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
        line = summary.to_json()
        self._context.signal_entity(_shard(index_key, line["id"]), "put", line)

    def drop_from_list(self, index_key: str) -> None:
        """Take its line out of that list."""
        self._context.signal_entity(_shard(index_key, self._rollout_id), "drop", self._rollout_id)

    def forget(self, parts: Iterable[str]) -> None:
        """Delete its record, and these parts of its log."""
        for part in parts:
            self._context.signal_entity(self._log(part), "forget", part)
        self._context.signal_entity(self._record, "forget", self._rollout_id)

    def trim(self, old: OldEvents, before: datetime) -> None:
        """Delete what is older of its log."""
        for part in old.parts:
            self._context.signal_entity(self._log(part), "trim", before.isoformat())
        for part in old.whole:
            self._context.signal_entity(self._log(part), "forget", part)
            self._context.signal_entity(self._record, "drop", part)

    def _log(self, part: str) -> df.EntityId:
        return df.EntityId(LOG_ENTITY, log_key(self._rollout_id, part))


def _shard(index_key: str, line_id: str) -> df.EntityId:
    return df.EntityId(INDEX_ENTITY, shard_of(index_key, line_id))
