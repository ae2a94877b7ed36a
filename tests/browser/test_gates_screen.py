"""Gates and windows in the browser: shown, started with, refused; on a phone as well."""

import re
from collections.abc import Iterator

import pytest
from answering import ALLOWS_LOOPBACK, NO, YES, AskedHost, answering
from browser import PHONE, Opens, Person
from gated import gate, policy
from playwright.sync_api import expect
from start_form import adds, chosen, fills, starts
from story import System
from windows import HOUR, ZONE, window


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[AskedHost]:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    with answering() as host:
        yield host


def ended(system: System, rollout_id: str) -> None:
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)


def test_a_rollout_shows_what_it_waits_for_in_order_with_signs(
    system: System, host: AskedHost, person: Person
) -> None:
    rules = policy(
        gate(host.says("/g", YES), "start", "error rate"),
        gate(host.says("/n", NO), "start", "smoke test", weight="dryRun"),
        gate(host.says("/e", YES), "end", "checkout"),
        approval="everyBatch",
    )
    rollout_id = system.start(system.scale_set(capacity=4), policy=rules).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    person.open(f"rollouts/{rollout_id}")
    lines = person.page.get_by_role("region", name="Gates").locator("li")
    expect(lines).to_contain_text(
        [
            re.compile("✓.*passes.*error rate.*http, before anything is changed.*answered 200"),
            re.compile("✗.*fails.*smoke test.*dry run: holds nobody.*ok is false"),
            re.compile("….*waits.*approval of each batch.*until"),
            re.compile("·.*not asked yet.*checkout.*at the end"),
        ]
    )
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    person.page.get_by_text("Policy", exact=True).click()
    person.sees("error rate; smoke test; checkout")
    ended(system, rollout_id)


def test_a_rollout_without_gates_shows_none(system: System, person: Person) -> None:
    view = system.run(system.scale_set(capacity=2))
    person.open(f"rollouts/{view['id']}")
    expect(person.page.locator(".timeline")).to_be_visible()
    expect(person.page.get_by_role("region", name="Gates")).to_have_count(0)


def test_it_says_when_the_window_opens_here_and_there_and_glass_is_broken_with_a_reason(
    system: System, opens: Opens
) -> None:
    rules = {"windows": [window(system, 3 * HOUR, 5 * HOUR)]}
    rollout_id = system.start(system.scale_set(capacity=4), policy=rules).json()["id"]
    view = system.until(rollout_id, lambda view: view["opensAt"] is not None)
    person = opens(timezone_id="America/New_York")
    person.open(f"rollouts/{rollout_id}")
    note = person.page.locator(".note", has_text="Waits for its window.")
    expect(note.locator("time")).to_have_attribute("datetime", view["opensAt"])
    expect(note).to_contain_text(f"{rules['windows'][0]['from']} {ZONE}")
    person.page.locator('[data-verb="breakGlass"]').click()
    dialog = person.page.locator("dialog[open]")
    expect(dialog).to_contain_text(f"Break glass for {rollout_id}?")
    expect(dialog).to_contain_text("cannot be taken back")
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_visible()
    assert system.view(rollout_id)["opensAt"] is not None
    person.page.get_by_label("Reason").fill("CVE-2026-1234 is exploited")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    assert system.finish(rollout_id)["phase"] == "Succeeded"
    assert any("CVE-2026-1234" in str(event) for event in system.events(rollout_id))


def test_a_rollout_is_started_with_a_gate_that_was_tried(
    system: System, host: AskedHost, person: Person
) -> None:
    scale_set = system.scale_set(capacity=4, updateDomains=2)
    chosen(person, system, scale_set)
    adds(person, "gates.http")
    fills(person, "URL", host.says("/g", YES))
    fills(person, "Condition", "ok")
    tried = person.page.locator(".gates li", has_text="would pass now")
    expect(tried).to_contain_text("ok is true")
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()
    view = starts(person, system, scale_set)
    [gate_] = view["policy"]["gates"]
    assert (gate_["name"], gate_["place"], gate_["check"]["condition"]) == (
        "check", "afterBatch", "ok",
    )  # fmt: skip
    assert system.finish(view["id"])["phase"] == "Succeeded"


def test_a_rollout_is_started_with_a_window_and_a_freeze(system: System, person: Person) -> None:
    scale_set = system.scale_set(capacity=4)
    opens = window(system, 3 * HOUR, 5 * HOUR)
    chosen(person, system, scale_set)
    adds(person, "windows.window")
    for day in ("fri", "sat", "sun"):
        person.page.get_by_role("checkbox", name=day).check()
    fills(person, "From", opens["from"])
    fills(person, "To", opens["to"])
    fills(person, "Time zone", ZONE)
    person.sees("The first batch waits until")
    adds(person, "freezes.freeze")
    fills(person, "From", "2031-12-20")
    fills(person, "To", "2032-01-06")
    fills(person, "Reason", "Year's end")
    expect(person.page.get_by_role("button", name=re.compile("^Start: move"))).to_be_enabled()
    assert person.flaws() == []
    view = starts(person, system, scale_set)
    assert [each["from"] for each in view["policy"]["windows"]] == [opens["from"]]
    assert view["policy"]["freezes"][0]["reason"] == "Year's end"
    person.wait()
    person.sees("Waits for its window.")
    ended(system, view["id"])


def test_what_is_wrong_with_a_gate_is_said_and_it_is_mended_or_taken_out(
    system: System, host: AskedHost, person: Person
) -> None:
    """Also in its JSON, which has the fields that have none of their own."""
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "gates.http")
    fills(person, "URL", host.says("/g", YES))
    fills(person, "Condition", "ok ==")
    expect(person.page.get_by_role("alert")).to_contain_text("policy.gates[0].check.condition")
    assert person.flaws() == []
    person.page.get_by_text("All of it, as JSON").click()
    text = person.page.get_by_label("As JSON")
    whole = text.input_value()
    text.fill("{")
    text.blur()
    person.sees("This is not used")
    expect(text).to_have_value("{")
    text.fill(whole.replace("ok ==", "ok").replace('"afterBatch"', '"end", "passes": 2'))
    text.blur()
    expect(person.page.locator(".gates li")).to_contain_text("at the end")
    person.page.get_by_role("radio", name=re.compile("^Careful")).check()
    expect(person.page.locator(".gates li")).to_contain_text("at the end")
    person.press("Remove check")
    expect(person.page.locator(".gates li")).to_have_count(0)
    expect(person.page.locator("fieldset.entry")).to_have_count(0)


@pytest.mark.parametrize("kind", ["alert", "metric", "query"])
def test_each_kind_of_gate_has_its_fields(system: System, person: Person, kind: str) -> None:
    """As the server takes them: a query has to be filled in first."""
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, f"gates.{kind}")
    if kind == "query":
        expect(person.page.get_by_role("alert")).to_contain_text("policy.gates[0].check")
        fills(person, "Workspace", "8d1a9d31-7d0f-4d7c-9d3e-2b0d0a1f7f11")
        fills(person, "Query", "AppRequests | summarize failed = count()")
        fills(person, "Column", "failed")
    line = person.page.locator(".gates li")
    expect(line).to_contain_text(f"{kind}, after each batch")
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


def test_a_callback_and_a_calendar_have_fields_of_their_own(
    system: System, host: AskedHost, person: Person
) -> None:
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "gates.callback")
    fills(person, "URL", f"{host.url}/asked")
    expect(person.page.locator(".gates li")).to_contain_text("callback, after each batch")
    adds(person, "freezes.calendar")
    fills(person, "Address", f"{host.url}/no.ics")
    entries = person.page.locator("fieldset.entry")
    expect(entries).to_have_count(2)
    expect(entries.last.locator("legend")).to_have_text("Freezes of a calendar (iCalendar)")
    expect(person.page.get_by_role("alert")).to_contain_text("127.0.0.1: it is no iCalendar file")
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


def test_the_command_for_a_terminal_has_the_gates(system: System, person: Person) -> None:
    chosen(person, system, system.scale_set(capacity=4))
    adds(person, "gates.alert")
    expect(person.page.locator(".gates li")).to_be_visible()
    person.page.get_by_text("The same from a terminal").click()
    command = person.page.locator("details pre").first
    expect(command).to_contain_text('--set \'gates=[{"name":"alerts","place":"afterBatch"')
