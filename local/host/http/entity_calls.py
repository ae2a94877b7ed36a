"""The management API's calls about entities."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from local.host.app import ENTITY, Catalog
from local.host.http.call import Call, empty
from local.host.http.status import parsed
from local.host.store import Database, entities


class EntityCalls:
    """Read, list, signal and delete entities."""

    def __init__(self, db: Database, catalog: Catalog) -> None:
        self._db = db
        self._catalog = catalog

    def read(self, call: Call, name: str, key: str) -> Response:
        del call
        state = entities.state_of(self._db, entities.entity_id(name, key))
        return empty(404) if state is None else JSONResponse(parsed(state))

    def list(self, call: Call, name: str | None = None) -> Response:
        fetch = call.flag("fetchState", default=False)
        rows = entities.all_of(self._db, name)
        return JSONResponse([_shown(row, with_state=fetch) for row in rows])

    def signal(self, call: Call, name: str, key: str) -> Response:
        payload = call.json_text() if call.body else None
        return self._signal(name, key, call.text("op"), payload)

    def delete(self, call: Call, name: str, key: str) -> Response:
        del call
        return self._signal(name, key, "delete", None)

    def _signal(self, name: str, key: str, operation: str, payload: str | None) -> Response:
        if self._catalog.find(ENTITY, name) is None:
            raise ValueError(
                f"The function '{name}' doesn't exist, is disabled, or is not an entity function."
            )
        request: entities.Request = {"op": operation, "input": payload, "signal": True}
        entities.send(self._db, entities.entity_id(name, key), request)
        return empty(202)


def _shown(row: tuple[str, str, str], *, with_state: bool) -> dict[str, Any]:
    _, name, key = row[0].split("@", 2)
    body = {"entityId": {"name": name, "key": key}, "lastOperationTime": row[2]}
    return body | ({"state": json.loads(row[1])} if with_state else {})
