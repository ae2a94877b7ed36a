"""Runs the batches of entity operations, one at a time."""

import logging
from datetime import timedelta

from azure.functions.meta import Datum

from local.host.app import ENTITY, Catalog, Worker, WorkerDied
from local.host.engine.deaths import Deaths
from local.host.replay import moment_of, stamp
from local.host.store import Database, entities

log = logging.getLogger("local.host")

FIRST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=5)


class EntityBatches:
    """What entities are asked to do. A function that raises as a whole is asked again for ever, as
    in Azure, after ever longer rests; one whose worker dies is asked again at once.
    """

    def __init__(self, db: Database, catalog: Catalog, worker: Worker, deaths: Deaths) -> None:
        self._db = db
        self._catalog = catalog
        self._worker = worker
        self._deaths = deaths
        self._failures: dict[str, int] = {}
        self._rests: dict[str, str] = {}
        self._calls = 0

    @property
    def next_due(self) -> str | None:
        """When the next entity that failed is asked again. Time is not skipped to it."""
        return min(self._rests.values(), default=None)

    def run_next(self) -> bool:
        """Run the next batch, if there is one."""
        now = self._db.now
        self._rests = {entity: until for entity, until in self._rests.items() if until > now}
        batch = entities.next_batch(self._db, self._rests)
        if batch is None:
            return False
        try:
            entities.commit(self._db, batch, self._ask(batch), now)
            self._failures.pop(batch.entity, None)
        except WorkerDied as error:
            log.warning("entity %s is asked again: %s", batch.entity, error)
        except LookupError as error:
            log.exception("entity %s", batch.entity)
            entities.fail(self._db, batch, str(error), now)
        except Exception as error:  # noqa: BLE001 - user code may raise anything
            self._rest(batch.entity, now, error)
        return True

    def _rest(self, entity: str, now: str, error: Exception) -> None:
        failures = self._failures[entity] = self._failures.get(entity, 0) + 1
        rest = min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)
        self._rests[entity] = stamp(moment_of(now) + rest)
        log.error(
            "entity %s raised as a whole, %d times: Azure asks it again for ever, and nothing else "
            "reaches it meanwhile. An entity function must catch, and drop what it cannot do.",
            entity,
            failures,
            exc_info=error,
        )

    def _ask(self, batch: entities.Batch) -> str:
        function = self._catalog.find(ENTITY, batch.name)
        if function is None:
            raise LookupError(f"there is no entity function {batch.name!r}")
        self._calls += 1
        data = Datum(batch.trigger, "string")
        value = self._deaths.call(
            function.called,
            batch.entity,
            (batch.last, self._calls),
            lambda: self._worker.call_now(function, data),
        )
        return value.value if value else ""
