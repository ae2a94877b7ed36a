"""One browser and one system for all tests of a worker; a tab of its own for each."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import DESK, Opens, Person, chromium
from playwright.sync_api import Browser
from story import NEW, PLATFORM, System, playing


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with playing(tmp_path_factory.mktemp("state")) as system:
        system.publish(**PLATFORM, version=NEW)
        yield system


@pytest.fixture
def system(running: System) -> Iterator[System]:
    yield running
    running.azure.delete("/_sim/faults")


@pytest.fixture
def opens(browser: Browser, system: System) -> Iterator[Opens]:
    """Opens a tab; at the end, none of them may have complained on its console."""
    people: list[Person] = []

    def somebody(of: System = system, **options: Any) -> Person:
        wanted: dict[str, Any] = {"viewport": DESK, **options}
        page = browser.new_page(**wanted)
        people.append(Person(page, f"{str(of.api.base_url).rstrip('/')}/api/dashboard"))
        return people[-1]

    yield somebody
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.page.close()
    assert complaints == []


@pytest.fixture
def person(opens: Opens) -> Person:
    return opens()
