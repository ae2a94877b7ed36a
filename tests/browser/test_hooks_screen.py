"""Hooks in the browser: shown, started with, refused with the field named; on a phone as well."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

import pytest
from answering import ALLOWS_LOOPBACK, AskedHost, answering
from browser import PHONE, Person
from playwright.sync_api import Locator, Route, expect
from start_form import adds, chosen, fills, picks, starts
from story import System

from vmss_rollout.documents import with_settings


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[AskedHost]:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    with answering() as host:
        yield host


def planned(person: Person) -> Locator:
    """The lines of the plan below the form."""
    return person.page.locator(".gates li", has_text="would be called")


def test_hooks_are_shown_beside_gates(system: System, person: Person) -> None:
    view = system.run(system.scale_set(capacity=2))
    same = {"kind": "http", "action": "fail", "place": "beforeBatch"}
    drain = {"name": "drain", "verdict": "pass", "message": "2 drained", **same}
    warm = {"name": "warm up", "verdict": "notYet", "message": "asked", **same}
    back = {"name": "back", **same, "place": "afterBatch"}

    def with_hooks(route: Route) -> None:
        route.fulfill(json={**view, "hooks": [drain, warm, back]})

    person.page.route(f"**/api/rollouts/{view['id']}", with_hooks)
    person.open(f"rollouts/{view['id']}")
    lines = person.page.get_by_role("region", name="Hooks").locator("li")
    expect(lines).to_contain_text(
        [
            re.compile("✓.*done.*drain.*before each batch.*2 drained"),
            re.compile("….*at work.*warm up.*before each batch.*asked"),
            re.compile("·.*not called yet.*back.*after each batch"),
        ]
    )


def test_a_rollout_is_started_with_hooks_that_are_called(
    system: System, host: AskedHost, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_SECRET_LB", "Bearer hush")
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    chosen(person, system, scale_set)
    adds(person, "hooks.http")
    fills(person, "URL", f"{host.url}/drain")
    fills(person, "Time-out", "PT5M")
    picks(person, "If it is not done", "goOn")
    expect(planned(person)).to_contain_text("before each of 2 batches, for at most 5 min")
    person.sees("no hook afterBatch puts back")
    adds(person, "hooks.http")
    fills(person, "URL", f"{host.url}/back")
    fills(person, "Secret", "LB")
    expect(planned(person)).to_have_count(2)
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    view = starts(person, system, scale_set)
    drain, back = view["policy"]["hooks"]
    assert (drain["name"], drain["place"], drain["action"]) == ("drain", "beforeBatch", "goOn")
    assert (back["name"], back["place"], back["action"]) == ("put back", "afterBatch", "fail")
    assert system.finish(view["id"])["phase"] == "Succeeded"
    assert [each.path for each in host.asked] == ["/drain", "/back"] * 2
    assert ["authorization" in each.headers for each in host.asked] == [False, True] * 2
    assert host.asked[1].headers["authorization"] == "Bearer hush"


def test_a_rollout_is_started_with_a_hook_that_answers_later_and_is_told_addresses(
    system: System, host: AskedHost, person: Person
) -> None:
    scale_set = system.scale_set(capacity=2)
    chosen(person, system, scale_set)
    adds(person, "hooks.callback")
    fills(person, "URL", f"{host.url}/drain")
    picks(person, "Addresses", "true")
    picks(person, "If it is not done", "goOn")
    fills(person, "Time-out", "PT1M")
    expect(planned(person)).to_have_count(1)
    assert person.flaws() == []
    view = starts(person, system, scale_set)
    [drain] = view["policy"]["hooks"]
    assert (drain["call"]["kind"], drain["addresses"]) == ("callback", True)
    assert system.finish(view["id"])["phase"] == "Succeeded"
    [asked, *_] = host.asked
    assert "callback" in asked.body
    assert asked.body["instances"][0]["privateAddresses"]


@pytest.mark.parametrize(
    ("label", "value", "path", "said"),
    [
        ("Name", "", "policy.hooks[0].name", ""),
        ("URL", "http://169.254.169.254/", "policy.hooks[0].call.url", ""),
        ("Secret", "NOWHERE", "policy.hooks[0].call.headers.Authorization", "no secret NOWHERE"),
        ("Time-out", "10 minutes", "policy.hooks[0].timeout", ""),
    ],
)
def test_what_is_wrong_with_a_hook_is_said_with_its_field(
    system: System, host: AskedHost, person: Person, label: str, value: str, path: str, said: str
) -> None:
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "hooks.http")
    fills(person, "URL", f"{host.url}/drain")
    expect(planned(person)).to_be_visible()
    fills(person, label, value)
    expect(person.page.get_by_role("alert")).to_contain_text(path)
    expect(person.page.get_by_role("alert")).to_contain_text(said)
    assert person.flaws() == []
    person.press("Remove drain" if label != "Name" else "Remove Hook: a URL is called")
    expect(person.page.get_by_role("alert")).to_have_count(0)
    expect(planned(person)).to_have_count(0)
    assert host.asked == []


def test_a_name_that_is_a_number_is_a_name(system: System, host: AskedHost, person: Person) -> None:
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "hooks.http")
    fills(person, "URL", f"{host.url}/drain")
    fills(person, "Name", "7")
    expect(planned(person)).to_contain_text("7")
    expect(person.page.get_by_role("alert")).to_have_count(0)


def test_the_command_for_a_terminal_has_the_hooks(
    system: System, host: AskedHost, person: Person
) -> None:
    """As the command itself reads them."""
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "hooks.http")
    fills(person, "URL", f"{host.url}/drain")
    expect(planned(person)).to_be_visible()
    person.page.get_by_text("The same from a terminal").click()
    words = shlex.split(person.page.locator("details pre").first.inner_text())
    settings = [said for option, said in pairwise(words) if option == "--set"]
    call = {"kind": "http", "url": f"{host.url}/drain"}
    hook = {"name": "drain", "place": "beforeBatch", "call": call}
    assert with_settings({}, settings) == {"hooks": [hook]}
