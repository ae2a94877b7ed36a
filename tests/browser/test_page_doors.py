"""Keys, sign-ins, lost connections and strange answers: a plain sentence, and the next step."""

import re
from typing import Any

import pytest
from browser import Person
from playwright.sync_api import Page, Route, expect
from story import System

KEY = "x-functions-key"


def locked(page: Page, key: str) -> None:
    """The Functions host refuses who has not this key: 401, without a word."""

    def guard(route: Route) -> None:
        if route.request.headers.get(KEY) == key:
            route.continue_()
        else:
            route.fulfill(status=401, body="")

    page.route("**/api/rollouts**", guard)
    page.route("**/api/fleet-rollouts**", guard)


def test_a_key_is_asked_for_once_and_a_wrong_one_is_said_to_be_wrong(person: Person) -> None:
    locked(person.page, "right")
    person.open()
    person.sees("The app asks for a key.")
    assert person.flaws() == []
    person.page.get_by_label("Key", exact=True).fill("wrong")
    person.press("Use this key")
    person.sees("The app did not take this key.")
    assert person.flaws() == []
    person.page.get_by_label("Key", exact=True).fill("right")
    person.press("Use this key")
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()
    person.page.reload()
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()
    kept = person.page.evaluate("[JSON.stringify(localStorage), document.cookie, location.href]")
    assert "right" not in "".join(kept)


def test_what_cannot_be_a_key_is_not_kept(person: Person) -> None:
    """Headers take no such letters: sent, it would look as if the app were gone, for good."""
    locked(person.page, "right")
    person.open()
    for key, said in [("ключ", "no key"), ("right", "Running")]:
        person.page.get_by_label("Key", exact=True).fill(key)
        person.press("Use this key")
        person.sees(said)


def test_the_app_goes_away_and_comes_back(person: Person) -> None:
    person.open()
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()
    person.page.context.set_offline(True)
    person.wait()
    person.sees("The app does not answer. What is shown may be old")
    assert person.flaws() == []
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()
    person.page.context.set_offline(False)
    person.wait()
    expect(person.page.get_by_text("The app does not answer")).to_have_count(0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 502, "body": "<html>Bad gateway</html>"}, "without the app's JSON"),
        ({"status": 200, "body": "not JSON at all"}, "without the app's JSON"),
        ({"status": 200, "body": "null"}, "without the app's JSON"),
        (
            {"status": 503, "json": {"status": 503, "title": "Busy", "detail": "Azure throttles."}},
            "Azure throttles.",
        ),
    ],
)
def test_a_strange_answer_is_said_to_be_one(
    person: Person, answer: dict[str, Any], said: str
) -> None:
    person.page.route("**/api/rollouts**", lambda route: route.fulfill(**answer))
    person.open()
    person.sees(said)
    assert person.flaws() == []
    expect(person.page.get_by_role("button", name="Try again")).to_be_visible()
    person.page.unroute("**/api/rollouts**")
    person.press("Try again")
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()


def test_who_must_sign_in_again_is_led_there(person: Person) -> None:
    away: dict[str, Any] = {"status": 302, "headers": {"Location": "/.auth/login/aad"}}
    person.page.route("**/api/rollouts**", lambda route: route.fulfill(**away))
    person.open()
    person.sees("Sign in first")
    assert person.flaws() == []


def test_an_address_that_no_screen_has_says_so(person: Person) -> None:
    person.open("no/such/screen")
    person.sees("There is no such screen.")


def test_where_people_sign_in_the_page_leads_there_and_back(person: Person) -> None:
    """App Service answers 401 in words of its own, before the app sees the call."""
    refusal = "You do not have permission to view this directory or page."
    person.page.route("**/api/**rollouts**", lambda route: route.fulfill(status=401, body=refusal))
    person.open("rollouts/web-1")
    link = person.page.get_by_role("link", name="Sign in with Microsoft")
    there = "/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fdashboard%23%2Frollouts%2Fweb-1"
    expect(link).to_have_attribute("href", there)


def about_to_approve(system: System, person: Person) -> str:
    """A rollout that waits for that, on whose page somebody has typed why."""
    policy = {"canary": {"instances": 1}, "approval": "canary"}
    rollout_id = system.start(system.scale_set(), policy=policy).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    person.open(f"rollouts/{rollout_id}")
    person.press("Approve")
    person.page.get_by_label("Reason").fill("looks good")
    return rollout_id


def test_what_was_typed_is_kept_when_the_key_is_refused_meanwhile(
    system: System, person: Person
) -> None:
    rollout_id = about_to_approve(system, person)
    locked(person.page, "new")
    person.page.locator("dialog[open] button[type=submit]").click()
    person.page.get_by_label("Key", exact=True).fill("new")
    person.press("Use this key")
    person.press("Approve")
    expect(person.page.get_by_label("Reason")).to_have_value("looks good")
    person.press("Cancel")
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)


def test_what_could_not_be_sent_is_not_said_to_be_sent_again(
    system: System, person: Person
) -> None:
    """Only what is read is asked for again by the page; what was typed is kept."""
    rollout_id = about_to_approve(system, person)
    person.page.context.set_offline(True)
    send = person.page.locator("dialog[open] button[type=submit]")
    send.click()
    note = person.page.locator("dialog[open]").get_by_role("alert")
    expect(note).to_contain_text("It may have been done all the same")
    expect(note).not_to_contain_text("by itself")
    person.page.context.set_offline(False)
    send.click()
    expect(person.page.locator("dialog[open]")).to_have_count(0)
    system.finish(rollout_id)
    assert any("looks good" in str(event) for event in system.events(rollout_id))


def test_a_log_that_could_not_be_read_is_read_again(system: System, person: Person) -> None:
    """Even of a rollout that has ended, of which no news comes."""
    rollout_id = system.run(system.scale_set(capacity=4))["id"]
    path = f"**/api/rollouts/{rollout_id}/events**"
    busy = {"status": 503, "title": "Busy", "detail": "Azure throttles."}
    person.page.route(path, lambda route: route.fulfill(status=503, json=busy))
    with person.page.expect_response(re.compile("/events")):  # not before it was refused
        person.open(f"rollouts/{rollout_id}")
    person.sees("Nothing has happened yet.")
    person.page.unroute(path)
    person.wait()
    expect(person.page.locator(".events li").first).to_be_visible()
