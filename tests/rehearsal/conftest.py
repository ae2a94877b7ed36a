import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from command import Person, at
from printed_by_az import printed_by_az
from story import NEW, OLD, PLATFORM, System, playing

from local.arm.base.ids import SUBSCRIPTION

type Json = dict[str, Any]

_SETS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/demo/providers/Microsoft.Compute"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The app and the Azure that are real to whoever rehearses."""
    with playing(tmp_path_factory.mktemp("state")) as system:
        for version in (OLD, NEW):
            system.publish(**PLATFORM, version=version)
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
def offline(tmp_path: Path) -> Person:
    """Somebody who knows no app."""
    return Person({}, tmp_path / "config.yaml", width=200)


@pytest.fixture
def files(system: System, tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """Has az write a scale set into files; returns the options that name them."""

    def write(name: str) -> tuple[str, ...]:
        with httpx.Client(
            base_url=f"{system.azure.base_url}{_SETS}/virtualMachineScaleSets/{name}",
            headers={"Authorization": "Bearer any"},
            params={"api-version": "2024-07-01"},
        ) as arm:
            rows: list[Json] = []
            page = arm.get("/virtualMachines", params={"$expand": "instanceView"}).json()
            while True:
                rows += page["value"]
                if not page.get("nextLink"):
                    break
                page = httpx.get(page["nextLink"], headers={"Authorization": "Bearer any"}).json()
            show, instances = tmp_path / "show.json", tmp_path / "instances.json"
            show.write_text(json.dumps(printed_by_az(arm.get("").json())))
            instances.write_text(json.dumps(printed_by_az(rows)))
        return ("--show", str(show), "--instances", str(instances))

    return write
