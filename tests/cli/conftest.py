from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command import Person, at
from story import NEW, OLD, PLATFORM, System, playing

from vmss_rollout.view import View

type Seen = Callable[..., View]

_BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
_WEB = (
    "/subscriptions/s/resourceGroups/demo/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)
_ENDED = {"Succeeded", "RolledBack", "Aborted", "Failed"}


def _ubuntu(version: str) -> dict[str, str]:
    return {
        "publisher": "Canonical",
        "offer": "UbuntuServer",
        "sku": "14.04.2-LTS",
        "version": version,
    }


def _counts(cells: str) -> dict[str, int]:
    count = Counter(cells)
    return {
        "total": len(cells),
        "done": count["d"],
        "skipped": count["k"] + count["g"],
        "failed": count["f"],
        "inProgress": count["u"] + count["c"] + count["s"],
        "pending": count["p"] + count["r"],
    }


def _body(
    phase: str,
    message: str,
    cells: list[str],
    *,
    minutes: int = 7,
    left: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    now = _BEGAN + timedelta(minutes=minutes)
    counts = _counts("".join(cells))
    image = {"from": _ubuntu("14.04.201506100"), "to": _ubuntu("14.04.201507060")}
    return {
        "id": "web-1",
        "scaleSet": _WEB,
        "image": image,
        "phase": phase,
        "message": message,
        "counts": counts,
        "percent": 100 * counts["done"] // counts["total"] if cells else 0,
        "startedAt": _BEGAN.isoformat(),
        "finishedAt": now.isoformat() if phase in _ENDED else None,
        "updatedAt": now.isoformat(),
        "eta": None if left is None else (now + timedelta(minutes=left)).isoformat(),
        "rows": [{"updateDomain": number, "cells": row} for number, row in enumerate(cells)],
        **more,
    }


@pytest.fixture
def body() -> Callable[..., dict[str, Any]]:
    """Makes what GET /api/rollouts/{id} answers, from the same."""
    return _body


@pytest.fixture
def seen() -> Seen:
    """Makes the view of a rollout: its phase, message, and a string of cells per update domain;
    `minutes` since it began, `left` until it is expected to end, and more fields of the answer.
    """
    return lambda *args, **fields: View.of_rollout(_body(*args, **fields))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for the tests of a file."""
    with playing(tmp_path_factory.mktemp("state")) as system:
        system.publish(**PLATFORM, version=OLD)
        system.publish(**PLATFORM, version=NEW)
        yield system


@pytest.fixture
def system(running: System) -> Iterator[System]:
    """The system, with no faults left over."""
    running.next_story()
    yield running
    running.azure.delete("/_sim/faults")


@pytest.fixture
def person(system: System, tmp_path: Path) -> Person:
    """Somebody with a pipe, who knows the app's address."""
    return at(system, tmp_path)


@pytest.fixture
def somebody(tmp_path: Path) -> Person:
    """Somebody with nothing but the command."""
    return Person({}, tmp_path / "config.yaml", width=120)
