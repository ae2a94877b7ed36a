"""Policies with gates, and small scale sets for them."""

from typing import Any

type Json = dict[str, Any]

SMALL = {"capacity": 4, "updateDomains": 2}


def gate(url: str, place: str = "afterBatch", name: str = "errors", **fields: Any) -> Json:
    check = {"kind": "http", "url": url, "condition": "ok"}
    return {"name": name, "place": place, "check": check, **fields}


def policy(*gates: Json, **fields: Any) -> Json:
    """In two batches of two instances each."""
    return {"gates": list(gates), "maxBatchInstances": 2, **fields}
