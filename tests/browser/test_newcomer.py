"""What a newcomer does with `make local` and two open pages: a bad image stops, and goes back."""

import re
from collections.abc import Iterator

import pytest
from browser import Opens, Person
from playwright.sync_api import expect
from story import NEW, PLATFORM, System, playing


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of its own: on the simulated Azure's page, the first scale set is this one."""
    with playing(tmp_path_factory.mktemp("state")) as system:
        system.publish(**PLATFORM, version=NEW)
        system.scale_set(name="web")
        yield system


def bad_image(azure: Person) -> None:
    """Chosen from the menu of the simulated Azure's page."""
    azure.page.get_by_role("button", name=re.compile("^Bad image")).click()
    dialog = azure.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Let it happen").click()
    expect(dialog).to_have_count(0)


def started(app: Person) -> None:
    """From the printed address, by clicks alone."""
    app.page.get_by_role("link", name="Start a rollout").click()
    app.page.get_by_role("radio", name=re.compile("^web ")).click()
    app.page.get_by_role("radio", name=re.compile(f"^{re.escape(NEW)}")).click()
    app.page.get_by_role("button", name=re.compile("^Start: move 20")).click()
    expect(app.page.locator("main h1")).to_have_text(re.compile("Pending|Progressing"))


def test_a_bad_image_stops_and_goes_back_and_nobody_needed_curl(
    world: System, opens: Opens
) -> None:
    azure, app = opens(of=world), opens(of=world)
    azure.page.goto(str(world.azure.base_url))
    bad_image(azure)
    app.page.goto(str(world.api.base_url))
    assert "/api/dashboard" in app.page.url
    started(app)
    [line] = world.api.get("/api/rollouts").json()
    world.until(line["id"], lambda view: "u" in view["rows"][0]["cells"])
    app.wait()
    expect(app.cells("upgrading")).to_have_count(4)
    world.until(line["id"], lambda view: view["phase"] == "RollingBack")
    app.wait()
    expect(app.page.locator("main h1")).to_have_text("Rolling back")
    world.finish(line["id"])
    app.wait()
    expect(app.page.locator("main h1")).to_have_text("Rolled back")
    expect(app.cells("rolledBack")).to_have_count(4)
    expect(app.cells("pending")).to_have_count(16)
    app.sees("4 instance(s) run the image they had and are healthy")
