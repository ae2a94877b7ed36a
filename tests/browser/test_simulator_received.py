"""What hooks, callbacks and news send, shown and answered on the simulated Azure's page."""

from collections.abc import Iterator

import httpx
import pytest
from browser import PHONE, Person
from playwright.sync_api import Page, expect
from receiver import Receiver, receiving
from simulated import Simulator, came, field

HOOK = {"hook": "drain", "place": "beforeBatch", "batch": 2, "instances": [{"id": "4"}]}
NEWS = {"specversion": "1.0", "data": {"kind": "needsYou", "message": "Batch 1 of 4 waits"}}
TEXTS = [{"text": r"Started · cve\-1"}, {"text": "The rollout has begun"}]
CARD = {"type": "message", "attachments": [{"content": {"body": TEXTS}}]}
TAKEN = httpx.Response(202, json={"id": "q-1", "verdict": "pass"})


@pytest.fixture
def app() -> Iterator[Receiver]:
    """Who has asked, and is answered."""
    with receiving() as app:
        app.answer = lambda _: TAKEN
        yield app


def question(app: Receiver, name: str = "tests") -> dict[str, str | int]:
    return {"gate": name, "place": "afterBatch", "batch": 2, "callback": f"{app.url}/c/{name}"}


def test_what_was_received_is_shown_as_it_came(opened: Page, simulator: Simulator) -> None:
    expect(opened.locator("#received")).to_contain_text("Nothing yet")
    simulator.receive("team", {"type": "gateFailed", "text": "<b>no HTML</b>"})
    expect(came(opened)).to_contain_text("team")
    came(opened).locator("summary").click()
    expect(came(opened).locator("pre")).to_contain_text("<b>no HTML</b>")


def test_each_says_what_it_is_the_newest_first(
    opened: Page, simulator: Simulator, app: Receiver
) -> None:
    simulator.receive("drain", HOOK)
    simulator.receive("ops", NEWS)
    simulator.receive("slack", {"text": "Started · cve-1: The rollout has begun", "blocks": []})
    simulator.receive("teams", CARD)
    simulator.receive("suite", question(app))
    expect(opened.locator("#received > li")).to_contain_text(
        [
            "question tests, after batch 2",
            "Started · cve-1: The rollout has begun",
            "Started · cve-1: The rollout has begun",
            "news needsYou: Batch 1 of 4 waits",
            "hook drain, before batch 2: instance 4",
        ]
    )
    expect(opened.get_by_role("link", name="What was received")).to_be_visible()
    expect(came(opened).get_by_role("button")).to_have_text(["Pass", "Fail", "Look again later …"])
    expect(opened.locator("#received > li").nth(3).get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(("button", "verdict"), [("Pass", "pass"), ("Fail", "fail")])
def test_a_question_is_answered_with_a_click(
    opened: Page, simulator: Simulator, app: Receiver, button: str, verdict: str
) -> None:
    simulator.receive("suite", question(app))
    came(opened).get_by_role("button", name=f"{button}: question tests").click()
    expect(came(opened)).to_contain_text(f"Answered “{verdict}” at 00:00:00: it counts (202).")
    expect(came(opened).get_by_role("button")).to_have_count(0)
    assert app.bodies == [{"verdict": verdict}]


def test_look_again_later_says_when(opened: Page, simulator: Simulator, app: Receiver) -> None:
    simulator.receive("suite", question(app))
    came(opened).get_by_role("button", name="Look again later").click()
    form = opened.get_by_role("dialog")
    form.get_by_label("In how many minutes").fill("30")
    form.get_by_role("button", name="Answer").click()
    expect(came(opened)).to_contain_text("Answered “lookAgain” at 00:00:00: it counts (202).")
    assert app.bodies == [{"verdict": "lookAgain", "at": "2026-01-01T00:30:00.000Z"}]


def test_what_the_app_refuses_is_said_in_its_words(
    opened: Page, simulator: Simulator, app: Receiver
) -> None:
    errors = [{"path": "at", "message": "is too far away"}]
    app.answer = lambda _: httpx.Response(400, json={"detail": "1 error.", "errors": errors})
    simulator.receive("suite", question(app))
    came(opened).get_by_role("button", name="Pass").click()
    expect(came(opened)).to_contain_text("refused (400). 1 error. at is too far away.")
    expect(came(opened).get_by_role("button")).to_have_count(3)
    app.answer = lambda _: httpx.Response(410, json={"detail": "Too late."})
    came(opened).get_by_role("button", name="Pass").click()
    expect(came(opened)).to_contain_text("refused (410). Too late.")
    expect(came(opened).get_by_role("button")).to_have_count(0)


def test_an_app_that_is_not_there_can_be_answered_again(opened: Page, simulator: Simulator) -> None:
    simulator.receive("suite", {"gate": "tests", "callback": "http://127.0.0.1:9/c"})
    came(opened).get_by_role("button", name="Pass").click()
    expect(came(opened)).to_contain_text("nobody was there")
    expect(came(opened).get_by_role("button")).to_have_count(3)


def test_what_came_is_taken_away(opened: Page, simulator: Simulator) -> None:
    simulator.receive("ops", NEWS)
    opened.get_by_role("button", name="Forget what came").click()
    expect(opened.locator("#received")).to_contain_text("Nothing yet")
    assert simulator.listed("received") == []


def test_what_a_box_answers_is_said_in_a_form(
    opened: Page, simulator: Simulator, app: Receiver
) -> None:
    opened.get_by_role("button", name="Say what a box answers").click()
    form = opened.get_by_role("dialog")
    field(form, "Status").fill("503")
    field(form, "Body").fill('{"errorRate": 0.2}')
    field(form, "Answers a question").select_option("fail")
    form.get_by_role("button", name="Answer so").click()
    listed = opened.get_by_role("list", name="What boxes answer")
    expect(listed).to_contain_text('suite answers 503 {"errorRate":0.2}')
    expect(listed).to_contain_text("a question: “fail”")
    assert simulator.receive("suite", question(app)).json() == {"errorRate": 0.2}
    assert app.bodies == [{"verdict": "fail"}]
    listed.get_by_role("button", name="Take it away: suite").click()
    expect(listed).to_be_hidden()
    assert simulator.receive("suite", {}).status_code == 200


def test_on_a_phone_as_well_and_for_everybody(
    page: Page, simulator: Simulator, app: Receiver
) -> None:
    simulator.receive("drain", {**HOOK, "long": "x" * 400})
    simulator.receive("suite", question(app, "a suite of a long name, which takes its time"))
    person = Person(page, simulator.url)
    page.goto(simulator.url)
    page.set_viewport_size(PHONE)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    expect(came(page).get_by_role("button")).to_have_count(3)
    assert person.flaws() == []
    assert person.fits()
    came(page).get_by_role("button", name="Look again later").click()
    assert person.flaws() == []
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Say what a box answers").click()
    assert person.flaws() == []
