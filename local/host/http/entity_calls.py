"""The management API's calls about entities.

Source: Durable extension source (2026); seen with the extension 3.19: a list honours `top`, and
holds `state` also where it was not asked for.
"""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from local.host.app import ENTITY, Catalog
from local.host.http.call import BadRequest, Call, empty
from local.host.http.paging import Shorten, paging_of, whole
from local.host.http.status import parsed
from local.host.store import Database, entities

EMPTY_KEY = "$"  # how a GET names the entity whose key is empty


class EntityCalls:
    """Read, list, signal and delete entities."""

    def __init__(self, db: Database, catalog: Catalog, shorten: Shorten = whole) -> None:
        self._db = db
        self._catalog = catalog
        self._shorten = shorten

    def read(self, call: Call, name: str, key: str) -> Response:
        del call
        self._require(name)
        entity = entities.entity_id(name, "" if key == EMPTY_KEY else key)
        state = entities.state_of(self._db, entity)
        return empty(404) if state is None else JSONResponse(parsed(state))

    def list(self, call: Call, name: str | None = None) -> Response:
        """Raises BadRequest or PageRefused."""
        fetch = call.flag("fetchState", default=False)
        first, last = call.moment("lastOperationTimeFrom"), call.moment("lastOperationTimeTo")
        rows = [
            (row[0], _shown(row, with_state=fetch))
            for row in entities.all_of(self._db, name)
            if (first is None or row[2] >= first) and (last is None or row[2] <= last)
        ]
        bodies, headers = paging_of(call).page(rows, self._shorten)
        return JSONResponse(bodies, headers=headers)

    def signal(self, call: Call, name: str, key: str = "") -> Response:
        """JSON arrives as it is, anything else as a text. Raises BadRequest."""
        return self._signal(name, key, call.text("op"), _payload(call) if call.body else None)

    def delete(self, call: Call, name: str, key: str = "") -> Response:
        del call
        return self._signal(name, key, "delete", None)

    def _signal(self, name: str, key: str, operation: str, payload: str | None) -> Response:
        self._require(name)
        request: entities.Request = {"op": operation, "input": payload, "signal": True}
        entities.send(self._db, entities.entity_id(name, key), request)
        return empty(202)

    def _require(self, name: str) -> None:
        if self._catalog.find(ENTITY, name) is None:
            raise BadRequest(
                f"The function '{name}' doesn't exist, is disabled, or is not an entity function."
            )


def _payload(call: Call) -> str:
    if call.sends_json:
        return call.json_text("Could not parse JSON content: the body is not JSON")
    return json.dumps(call.body.decode(errors="replace"))


def _shown(row: tuple[str, str, str], *, with_state: bool) -> dict[str, Any]:
    _, name, key = row[0].split("@", 2)
    return {
        "entityId": {"name": name, "key": key},
        "lastOperationTime": row[2],
        "state": json.loads(row[1]) if with_state else None,
    }
