"""Runs the batches of entity operations, one at a time."""

import logging

from azure.functions.meta import Datum

from local.base import Clock
from local.host.app import ENTITY, Catalog, Worker
from local.host.replay import stamp
from local.host.store import Database, entities

log = logging.getLogger("local.host")


class EntityBatches:
    """What entities are asked to do."""

    def __init__(self, db: Database, clock: Clock, catalog: Catalog, worker: Worker) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._worker = worker

    def run_next(self) -> bool:
        """Run the next batch, if there is one."""
        batch = entities.next_batch(self._db)
        if batch is None:
            return False
        try:
            entities.commit(self._db, batch, self._ask(batch), stamp(self._clock.now()))
        except Exception as error:
            log.exception("entity %s failed", batch.entity)
            entities.fail(self._db, batch, str(error), stamp(self._clock.now()))
        return True

    def _ask(self, batch: entities.Batch) -> str:
        function = self._catalog.find(ENTITY, batch.name)
        if function is None:
            raise LookupError(f"there is no entity function {batch.name!r}")
        value = self._worker.call_now(function, Datum(batch.trigger, "string"))
        return value.value if value else ""
