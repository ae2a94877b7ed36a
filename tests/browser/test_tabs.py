"""Several tabs, tabs that nobody sees, and people who are signed in."""

import json

import pytest
from browser import A_WHILE, Opens, Person
from playwright.sync_api import expect
from signed_in import as_, authenticated
from story import System

ROLES = {"read": ["Reader", "Approver"], "approve": ["Approver"]}
ONCE_A_MINUTE = 60_000
"""Milliseconds between two looks of a tab that nobody sees."""


def waiting(system: System) -> str:
    """A rollout whose canary waits for approval: its id."""
    policy = {"canary": {"instances": 1}, "approval": "canary"}
    rollout_id = system.start(system.scale_set(), policy=policy).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    return rollout_id


def hide(person: Person, *, hidden: bool) -> None:
    """As if another tab, or this one again, were in front."""
    person.page.evaluate(
        "value => { Object.defineProperty(document, 'hidden', {value, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_what_one_tab_does_the_other_shows(system: System, opens: Opens) -> None:
    rollout_id = waiting(system)
    first, second = opens(), opens()
    for tab in (first, second):
        tab.open(f"rollouts/{rollout_id}")
        expect(tab.page.locator("main h1")).to_have_text("Awaiting approval")
    second.press("Approve")
    second.page.get_by_label("Reason").fill("mine")
    first.asks("approve", "looks good")
    system.finish(rollout_id)
    second.wait()
    second.sees("This is no longer offered: somebody was quicker")
    expect(second.page.get_by_label("Reason")).to_have_value("mine")
    second.press("Cancel")
    expect(second.page.locator("main h1")).to_have_text("Succeeded")


def test_a_tab_that_nobody_sees_asks_once_a_minute_and_at_once_when_seen(
    system: System, person: Person
) -> None:
    rollout_id = waiting(system)
    path = f"/api/rollouts/{rollout_id}"
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))

    def looks() -> int:
        return sum(url.endswith(path) for url in asked)

    def look_after(milliseconds: int) -> None:
        with person.page.expect_response(f"**{path}"):
            person.page.clock.fast_forward(milliseconds)

    person.open(f"rollouts/{rollout_id}")
    expect(person.page.locator("main h1")).to_have_text("Awaiting approval")
    hide(person, hidden=True)
    look_after(A_WHILE)
    before = looks()
    person.page.clock.fast_forward(ONCE_A_MINUTE - A_WHILE)
    expect(person.page.locator("main h1")).to_have_text("Awaiting approval")
    assert looks() == before
    look_after(A_WHILE)
    system.api.post(f"{path}/abort", json={})
    system.finish(rollout_id)
    person.page.clock.fast_forward(A_WHILE)
    with person.page.expect_response(f"**{path}"):
        hide(person, hidden=False)
    expect(person.page.locator("main h1")).to_have_text("Aborted")


def test_who_is_signed_in_may_do_what_their_roles_say(
    system: System, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app itself refuses who is not signed in; whoever is needs a role to approve."""
    rollout_id = waiting(system)
    authenticated(monkeypatch, ROLLOUT_ROLES=json.dumps(ROLES), ROLLOUT_REQUIRE_SIGN_IN="true")
    person.open(f"rollouts/{rollout_id}")
    person.sees("Sign in first")
    person.page.set_extra_http_headers(as_("ann@contoso.com", "Reader"))
    person.page.reload()
    expect(person.page.locator("main h1")).to_have_text("Awaiting approval")
    person.press("Approve")
    person.page.get_by_label("Reason").fill("looks good")
    send = person.page.locator("dialog[open] button[type=submit]")
    send.click()
    person.sees("no role that lets")
    expect(person.page.get_by_label("Reason")).to_have_value("looks good")
    person.page.set_extra_http_headers(as_("bob@contoso.com", "Approver"))
    send.click()
    expect(person.page.locator("dialog[open]")).to_have_count(0)
    monkeypatch.undo()
    system.finish(rollout_id)
    said = [str(event) for event in system.events(rollout_id)]
    assert any("looks good" in event and "bob@contoso.com" in event for event in said)
