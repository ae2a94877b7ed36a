"""Takes turns: reads what waits for an instance, asks its function, commits what follows."""

import json
import logging

from azure.functions.meta import Datum

from local.host.app import ORCHESTRATION, Catalog, Worker, WorkerDied
from local.host.engine.commit import commit
from local.host.engine.failures import of_lost_turn
from local.host.engine.orchestrations import Orchestrations
from local.host.engine.rules import Rules
from local.host.engine.turn import Ended, Turn, decide
from local.host.replay import Answer, Event, answer_of, answer_of_failure, history
from local.host.store import Database, Instance, Message, instances

log = logging.getLogger("local.host")

OTHER_VERSION = "VersionMismatch: Orchestration version did not comply with Worker Versioning"
_ALONE = 2  # the event that opens a turn, and one more


class Turns:
    """Turns of the orchestrations of one app, one at a time."""

    def __init__(
        self,
        db: Database,
        catalog: Catalog,
        worker: Worker,
        orchestrations: Orchestrations,
        rules: Rules,
    ) -> None:
        self._db = db
        self._catalog = catalog
        self._worker = worker
        self._orchestrations = orchestrations
        self._as_azure = rules.as_azure
        self._versions = rules.versions
        self._deaths = rules.deaths
        self.taken = 0

    def take_next(self) -> bool:
        """Take the next turn, if an instance waits for one."""
        if self._orchestrations.end_next(self._versions.takes):
            return True
        instance = instances.next_runnable(self._db, self._versions.takes)
        if instance is None:
            return False
        texts = instances.history_texts(self._db, instance.id)
        messages = self._messages(instance, len(texts))
        fresh, answer = self._asked(instance, texts, messages)
        if answer.continues and len(fresh) > _ALONE:
            # What else came in this turn would be lost: it belongs to the next generation.
            messages = messages[: instance.begun]
            fresh, answer = self._asked(instance, texts, messages)
        turn = decide(instance, instances.parsed(texts), fresh, answer, self._catalog.known)
        lingering = self._as_azure.lingering
        if commit(self._db, self._orchestrations, instance, messages, turn, lingering=lingering):
            self.taken += 1
            _log_outcome(instance, fresh, turn)
        return True

    def _messages(self, instance: Instance, length: int) -> list[Message]:
        """The one message of a turn (the first turn has its start), or all that wait."""
        waiting = instances.messages(self._db, instance.id)
        place = ("grouped", instance.id, instance.generation, length)
        grouped = self._as_azure.happens(self._as_azure.grouped, *place)
        return waiting if grouped else waiting[: instance.begun]

    def _asked(
        self, instance: Instance, texts: list[str], messages: list[Message]
    ) -> tuple[list[Event], Answer]:
        fresh = self._fresh(instance, messages)
        return fresh, self._ask(instance, texts, fresh)

    def _fresh(self, instance: Instance, messages: list[Message]) -> list[Event]:
        """A turn's own events."""
        now = self._db.now
        opened = [history.orchestrator_started(now)]
        if not instance.begun:
            started = history.execution_started(
                now,
                instance.name,
                instance.version,
                instance.input,
                instance.id,
                instance.generation,
                instance.parent,
            )
            opened.append(started)
        return [*opened, *(message.event for message in messages)]

    def _ask(self, instance: Instance, texts: list[str], fresh: list[Event]) -> Answer:
        if not self._versions.fits(instance.version):
            return Answer(error=OTHER_VERSION, ran=False)
        function = self._catalog.find(ORCHESTRATION, instance.name)
        if function is None:
            return Answer(error=f"there is no orchestrator function {instance.name!r}", ran=False)
        request = trigger_text(instance, [*texts, *map(json.dumps, fresh)], replaying=bool(texts))
        data = Datum(request, "string")
        place = (instance.generation, len(texts))
        try:
            value = self._deaths.call(
                function.called, instance.id, place, lambda: self._worker.call_now(function, data)
            )
        except WorkerDied:
            return Answer(error=of_lost_turn(instances.parsed(texts)), ran=False)
        except Exception as error:  # noqa: BLE001 - user code may raise anything
            return answer_of_failure(str(error))
        return answer_of(value.value if value else "")


def trigger_text(instance: Instance, event_texts: list[str], *, replaying: bool) -> str:
    """The orchestration trigger's JSON; the history is joined as text, which is faster.

    Timers of more than six days become a chain of timers of three: Azure Storage's limits, as the
    extension sends them.
    """
    rest = json.dumps(
        {
            "input": instance.input,
            "instanceId": instance.id,
            "isReplaying": replaying,
            "parentInstanceId": instance.parent,
            "upperSchemaVersion": 1,
            "upperSchemaVersionNew": 3,
            "longRunningTimerIntervalDuration": "3.00:00:00",
            "maximumShortTimerDuration": "6.00:00:00",
            "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
        }
    )
    return f'{{"history": [{", ".join(event_texts)}], {rest[1:]}'


def _log_outcome(instance: Instance, fresh: list[Event], turn: Turn) -> None:
    if isinstance(turn.end, Ended) and turn.end.reason:
        log.warning("%s (%s)", turn.end.reason, instance.id)
    for name in {event.get("Name") for event in fresh} & set(turn.unconsumed):
        log.warning(
            "event %r reached %s while nobody waited for it: azure-functions-durable 1.x hands "
            "such an event to every later wait of that name. Keep the wait open from the start, "
            "or use a name per wait.",
            name,
            instance.id,
        )
