"""Takes turns: reads what waits for an instance, asks its function, commits what follows."""

import json
import logging

from azure.functions.meta import Datum

from local.base import Clock
from local.host.app import ORCHESTRATION, Catalog, Worker
from local.host.engine.commit import commit
from local.host.engine.orchestrations import Orchestrations
from local.host.engine.turn import Ended, Turn, decide
from local.host.replay import Answer, Event, answer_of, answer_of_failure, history
from local.host.store import Database, Instance, Message, instances

log = logging.getLogger("local.host")


class Turns:
    """Turns of the orchestrations of one app, one at a time."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        catalog: Catalog,
        worker: Worker,
        orchestrations: Orchestrations,
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._worker = worker
        self._orchestrations = orchestrations
        self.taken = 0

    def take_next(self) -> bool:
        """Take the next turn, if an instance waits for one."""
        instance = instances.next_runnable(self._db)
        if instance is None:
            return False
        message = instances.first_message(self._db, instance.id) if instance.begun else None
        texts = instances.history_texts(self._db, instance.id)
        fresh = self._fresh(instance, message)
        answer = self._ask(instance, texts, fresh)
        turn = decide(instance, instances.parsed(texts), fresh, answer, self._catalog.known)
        if commit(self._db, self._orchestrations, instance, message, turn):
            self.taken += 1
            _log_outcome(instance, message, turn)
        return True

    def _fresh(self, instance: Instance, message: Message | None) -> list[Event]:
        """A turn's own events: one message, so that the guard can follow both ways of counting."""
        now = history.stamp(self._clock.now())
        opened = history.orchestrator_started(now)
        if message is not None:
            return [opened, message.event]
        started = history.execution_started(
            now,
            instance.name,
            instance.version,
            instance.input,
            instance.id,
            instance.generation,
            instance.parent,
        )
        return [opened, started]

    def _ask(self, instance: Instance, texts: list[str], fresh: list[Event]) -> Answer:
        function = self._catalog.find(ORCHESTRATION, instance.name)
        if function is None:
            return Answer(error=f"there is no orchestrator function {instance.name!r}", ran=False)
        request = trigger_text(instance, [*texts, *map(json.dumps, fresh)], replaying=bool(texts))
        try:
            value = self._worker.call_now(function, Datum(request, "string"))
        except Exception as error:  # noqa: BLE001 - user code may raise anything
            return answer_of_failure(str(error))
        return answer_of(value.value if value else "")


def trigger_text(instance: Instance, event_texts: list[str], *, replaying: bool) -> str:
    """The orchestration trigger's JSON; the history is joined as text, which is faster."""
    rest = json.dumps(
        {
            "input": instance.input,
            "instanceId": instance.id,
            "isReplaying": replaying,
            "parentInstanceId": instance.parent,
            "upperSchemaVersion": 1,
            "upperSchemaVersionNew": 2,
            "longRunningTimerIntervalDuration": None,
            "maximumShortTimerDuration": None,
            "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
        }
    )
    return f'{{"history": [{", ".join(event_texts)}], {rest[1:]}'


def _log_outcome(instance: Instance, message: Message | None, turn: Turn) -> None:
    if isinstance(turn.end, Ended) and turn.end.reason:
        log.warning("%s (%s)", turn.end.reason, instance.id)
    name = None if message is None else message.event.get("Name")
    if name is not None and name in turn.unconsumed:
        log.warning(
            "event %r reached %s while nobody waited for it: azure-functions-durable 1.x hands "
            "such an event to every later wait of that name. Keep the wait open from the start, "
            "or use a name per wait.",
            name,
            instance.id,
        )
