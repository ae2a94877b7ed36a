"""News in the browser: who is told, what could not be delivered, and a test of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser import PHONE, Person
from news_rules import configure
from playwright.sync_api import Route, expect
from receiver import Receiver, receiving
from story import System

LOST = {
    "id": "ops:1", "receiver": "ops", "subject": {"kind": "rollout", "id": "web-1"},
    "kind": "needsYou", "message": "Batch 1 waits for approval", "time": "2026-01-01T00:00:00Z",
    "why": "hooks.contoso.com answered 413",
}  # fmt: skip
LATE = {
    "id": "news:ops:cve", "receiver": "ops", "subject": {"kind": "fleetRollout", "id": "cve"},
    "waiting": 3, "failing": "2026-01-01T00:00:00Z", "why": "hooks.contoso.com answered 503",
}  # fmt: skip
OPS: dict[str, Any] = {"name": "ops", "kind": "webhook", "host": "hooks.contoso.com", "only": {}}


@pytest.fixture
def ops() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def readable(person: Person) -> None:
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


@pytest.mark.usefixtures("system")
def test_a_test_is_sent_and_each_receiver_says_what_came_of_it(
    person: Person, ops: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {"kinds": ["finished", "needsYou"], "ids": "prod-*"}
    configure(
        monkeypatch,
        {"name": "ops", "kind": "webhook", "url": f"{ops.url}/hook"},
        {"name": "nights", "kind": "webhook", "url": f"{ops.url}/late", "only": only},
    )
    ops.answers = [200, 413]
    person.open("news")
    expect(person.page.locator("h1")).to_have_text("All news were taken")
    lines = person.page.locator(".gates li")
    expect(lines).to_contain_text([re.compile("ops.*everything"), re.compile("nights.*prod-")])
    expect(lines.last).to_contain_text("finished, needs you")
    person.press("Send a test")
    expect(person.page.locator(".gates .badge", has_text="took it")).to_have_count(1)
    expect(person.page.locator(".gates .badge", has_text="did not")).to_have_count(1)
    person.sees("413")
    assert len(ops.calls) == 2
    readable(person)


@pytest.mark.usefixtures("system")
def test_if_nobody_is_told_it_says_how(person: Person) -> None:
    person.open("news")
    expect(person.page.locator("h1")).to_have_text("Nobody is told")
    person.sees("ROLLOUT_NEWS")
    readable(person)


@pytest.mark.usefixtures("system")
def test_who_hears_of_some_tags_only_is_not_said_to_hear_everything(person: Person) -> None:
    only = {"tags": {"team": "web", "stage": "prod*"}}
    report = {"receivers": [{**OPS, "only": only}], "waiting": [], "givenUp": []}
    person.page.route("**/api/news", lambda route: route.fulfill(json=report))
    person.open("news")
    expect(person.page.locator(".gates li")).to_contain_text("team=web, stage=prod*")
    expect(person.page.get_by_text("everything")).to_have_count(0)


@pytest.mark.usefixtures("system")
def test_what_was_given_up_or_waits_is_listed_with_why(person: Person) -> None:
    report = {"receivers": [OPS], "waiting": [LATE], "givenUp": [LOST]}
    person.page.route("**/api/news", lambda route: route.fulfill(json=report))
    person.open("news")
    expect(person.page.locator("h1")).to_have_text("1 message could not be delivered")
    person.sees("3 messages")
    person.sees("answered 503")
    link = person.page.get_by_role("link", name="web-1")
    expect(link).to_have_attribute("href", "#/rollouts/web-1")
    person.sees("Batch 1 waits for approval")
    readable(person)


def test_home_says_that_news_were_given_up(system: System, person: Person) -> None:
    def health(route: Route) -> None:
        body = system.api.get("/api/health").json()
        news = [{"id": "web-1", "message": "ops was not told"}]
        route.fulfill(json={**body, "news": news})

    person.page.route("**/api/health", health)
    person.open()
    person.sees("1 message could not be delivered.")
    person.page.get_by_role("link", name="See which, and why").click()
    expect(person.page.locator("h1")).to_have_text("Nobody is told")
