"""Purges, by id and by filter.

Source: Durable extension source (2026) and DurableTask.AzureStorage source: by id only what has
ended, or an entity; by filter whatever matches, whether it has ended or not.
"""

import logging

from starlette.responses import JSONResponse, Response

from local.host.http.call import Call, empty
from local.host.http.filters import purge_filter
from local.host.http.rows import ENTITY, Row, all_of, find
from local.host.store import Database, entities, instances

log = logging.getLogger("local.host")


class Purges:
    """Forgets instances and entities, with their histories and all that waits for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def by_id(self, call: Call, instance: str) -> Response:
        """412 for an orchestration that has not ended; an entity is purged in any state."""
        del call
        found = find(self._db, instance)
        if instance.startswith(ENTITY):
            return _deleted(0 if found is None else self._erase([found]))
        if found is None:
            return empty(404)
        if found.live:
            return JSONResponse(
                "Only orchestrations in a terminal state can be purged, but the orchestration with "
                f"instance ID {instance} has status {found.status}",
                412,
            )
        return _deleted(self._erase([found]))

    def by_filter(self, call: Call) -> Response:
        """Everything that matches; 404 when that is nothing. Raises BadRequest."""
        if not call.text("createdTimeFrom"):
            return JSONResponse("Please provide value for 'createdTimeFrom' parameter.", 400)
        wanted = purge_filter(call)
        found = [row for row in all_of(self._db) if wanted.matches(row)]
        _warn(found)
        count = self._erase(found)
        return _deleted(count) if count else empty(404)

    def _erase(self, rows: list[Row]) -> int:
        with self._db.transaction():
            return sum(
                (entities if row.id.startswith(ENTITY) else instances).erase(self._db, row.id)
                for row in rows
            )


def _deleted(count: int) -> Response:
    return JSONResponse({"instancesDeleted": count})


def _warn(rows: list[Row]) -> None:
    alive = [row.id for row in rows if row.live]
    if alive:
        log.warning(
            "a purge without statuses of what has ended took %d running orchestrations and "
            "entities, as it does in Azure: %s",
            len(alive),
            ", ".join(alive),
        )
