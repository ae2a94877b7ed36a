"""The switch for the whole app in the browser: seen on every view, set and lifted with a reason."""

import json
from collections.abc import Iterator

import pytest
from browser import PHONE, Opens, Person
from line import BUG, lift, log, stop, stopped
from playwright.sync_api import Locator, expect
from signed_in import as_, authenticated
from story import System

STOP, LIFT = "Stop the line", "Lift the line"
SCREENS = ("", "scale-sets", "fleets", "followed", "news", "start", "no/such/screen")
ROLES = {"read": ["Reader", "Operator"], "start": ["Operator"]}


@pytest.fixture(autouse=True)
def lifted(system: System) -> Iterator[None]:
    """For the stories after this one."""
    yield
    if stopped(system):
        lift(system)


def banner(person: Person) -> Locator:
    return person.page.locator(".note", has_text="The line is stopped")


def dialog(person: Person) -> Locator:
    return person.page.locator("dialog[open]")


def confirms(person: Person, button: str, reason: str) -> None:
    person.press(button)
    dialog(person).get_by_label("Reason").fill(reason)
    dialog(person).get_by_role("button", name=button).click()


def test_every_view_says_who_stopped_the_line_when_and_why(system: System, person: Person) -> None:
    stop(system)
    held = stopped(system)
    assert held is not None
    for screen in SCREENS:
        person.open(screen)
        expect(banner(person)).to_contain_text("nothing begins")
        expect(banner(person)).to_contain_text(f"by ann: {BUG}")
        expect(banner(person).locator("time")).to_have_attribute("datetime", held["since"])
        expect(person.page.get_by_role("button", name=STOP)).to_have_count(0)
    person.open()
    expect(person.page.get_by_role("heading", name="Running", exact=True)).to_be_visible()
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    lift(system)
    person.wait()
    expect(banner(person)).to_have_count(0)
    expect(person.page.get_by_role("button", name=STOP)).to_be_visible()


def test_an_operator_stops_and_lifts_it_with_a_reason(system: System, person: Person) -> None:
    person.open("scale-sets")
    person.press(STOP)
    expect(dialog(person)).to_contain_text("What is half done finishes its batch")
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    dialog(person).get_by_role("button", name=STOP).click()
    expect(dialog(person)).to_be_visible()
    assert stopped(system) is None
    dialog(person).get_by_label("Reason").fill(BUG)
    dialog(person).get_by_label("By").fill("eve")
    dialog(person).get_by_role("button", name=STOP).click()
    expect(dialog(person)).to_have_count(0)
    expect(banner(person)).to_contain_text(f"by eve: {BUG}")
    assert (stopped(system) or {})["reason"] == BUG
    confirms(person, LIFT, "image 1.0.8 is fixed")
    expect(banner(person)).to_have_count(0)
    person.sees("what waited goes on")
    assert stopped(system) is None
    assert log(system)[-2:] == [
        f"The line was stopped by eve: {BUG}",
        "The line was lifted by eve: image 1.0.8 is fixed",
    ]


def test_a_rollout_that_it_holds_says_that_it_waits_for_it(system: System, person: Person) -> None:
    rollout_id = system.start(system.scale_set(capacity=4)).json()["id"]
    system.until(rollout_id, lambda view: view["counts"]["inProgress"] > 0)
    stop(system)
    person.open(f"rollouts/{rollout_id}")
    sentence = person.page.locator(".sentence")
    expect(sentence).to_contain_text("The line was stopped at")
    system.until(rollout_id, lambda view: view["message"].startswith("Nothing begins"))
    person.wait()
    expect(sentence).to_contain_text("Nothing begins: the line was stopped at")
    expect(sentence).to_contain_text(f"by ann: {BUG}")
    confirms(person, LIFT, "it is fixed")
    assert system.finish(rollout_id)["phase"] == "Succeeded"


def test_a_start_is_refused_while_it_is_stopped(system: System, person: Person) -> None:
    stop(system)
    person.page.goto(f"{person.address}#/start?scaleSet={system.scale_set(capacity=2)}")
    person.page.get_by_role("radio", name="latest").click()
    person.page.get_by_role("button", name="Start: move 2 instances").click()
    expect(person.page.get_by_role("alert")).to_contain_text("Nothing was started")


def test_who_may_not_stop_it_is_refused_plainly(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticated(monkeypatch, ROLLOUT_ROLES=json.dumps(ROLES), ROLLOUT_REQUIRE_SIGN_IN="true")
    person.page.set_extra_http_headers(as_("rita@contoso.com", "Reader"))
    person.open()
    confirms(person, STOP, BUG)
    expect(dialog(person).get_by_role("alert")).to_contain_text("Not allowed")
    expect(dialog(person).get_by_label("Reason")).to_have_value(BUG)
    person.page.set_extra_http_headers(as_("olga@contoso.com", "Operator"))
    dialog(person).get_by_role("button", name=STOP).click()
    expect(banner(person)).to_contain_text(f"by olga@contoso.com: {BUG}")
    monkeypatch.undo()


def test_who_was_slower_is_told_so(system: System, opens: Opens) -> None:
    person = opens()
    person.open()
    person.press(STOP)
    stop(system)
    person.wait()
    expect(dialog(person)).to_contain_text("somebody was quicker")
    expect(dialog(person).get_by_role("button", name=STOP)).to_be_disabled()
    dialog(person).get_by_role("button", name="Cancel").click()
    expect(banner(person)).to_be_visible()
