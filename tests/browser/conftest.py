"""One system for all tests of a worker, a browser for each file, and a tab for each test."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from browser import DESK, PATIENCE, Axe, Console, Opens, Person, chromium, violations
from playwright.sync_api import Browser, Page, expect
from simulated import Simulator, simulating
from story import NEW, PLATFORM, System, playing


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """CI installs it. Who has none is told so, and runs the other tests all the same. Not for the
    session: Playwright keeps an event loop running, beside which no other test of the worker could
    have its own.
    """
    if shutil.which("chromium") is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with playing(tmp_path_factory.mktemp("state")) as system:
        system.publish(**PLATFORM, version=NEW)
        yield system


@pytest.fixture
def system(running: System) -> Iterator[System]:
    running.next_story()
    yield running
    running.azure.delete("/_sim/faults")


@pytest.fixture
def opens(browser: Browser, system: System) -> Iterator[Opens]:
    """Opens a tab; at the end, none of them may have complained on its console."""
    people: list[Person] = []

    def somebody(of: System = system, **options: Any) -> Person:
        of.point_app_here()
        wanted: dict[str, Any] = {"viewport": DESK, "reduced_motion": "reduce", **options}
        page = browser.new_page(**wanted)
        people.append(Person(page, f"{str(of.api.base_url).rstrip('/')}/api/dashboard"))
        return people[-1]

    yield somebody
    complaints = [said for person in people for said in person.console.said]
    for person in people:
        person.page.close()
    assert complaints == []


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def page(browser: Browser, console: Console) -> Iterator[Page]:
    """A page of its own, as a new visitor has it; it may not have complained at the end."""
    one = browser.new_page(viewport=DESK, reduced_motion="reduce")
    one.set_default_timeout(PATIENCE)
    console.listen(one)
    yield one
    one.close()
    assert console.said == []


@pytest.fixture
def axe(page: Page) -> Axe:
    def look() -> None:
        assert violations(page) == []

    return look


@pytest.fixture
def person(opens: Opens) -> Person:
    return opens()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with simulating() as simulator:
        yield simulator


@pytest.fixture
def opened(page: Page, simulator: Simulator) -> Page:
    """The simulated Azure's page, with its example fleet."""
    page.goto(simulator.url)
    expect(page.get_by_role("heading", name="web", exact=True)).to_be_visible()
    return page
