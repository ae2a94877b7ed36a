"""Everything without a mouse."""

from browser import Person
from playwright.sync_api import expect
from story import System


def focused(person: Person) -> str:
    """What has the focus, by its label or its text."""
    return person.page.evaluate(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    )


def test_a_canary_is_approved_with_the_keyboard_alone(system: System, person: Person) -> None:
    policy = {"canary": {"instances": 1}, "approval": "canary"}
    rollout_id = system.start(system.scale_set(), policy=policy).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    person.open()
    expect(person.page.get_by_role("heading", name="Needs you", exact=True)).to_be_visible()
    keys = person.page.keyboard
    keys.press("j")
    assert rollout_id in focused(person)
    keys.press("Enter")
    expect(person.page.locator("main h1")).to_have_text("Awaiting approval")
    keys.press("a")
    expect(person.page.get_by_label("Reason")).to_be_focused()
    keys.type("by hand")
    keys.press("Tab")
    keys.type("carol@contoso.com")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(person.page.locator("dialog[open]")).to_have_count(0)
    system.finish(rollout_id)
    said = [str(event) for event in system.events(rollout_id)]
    assert any("by hand" in event and "carol@contoso.com" in event for event in said)


def test_arrows_go_from_instance_to_instance(system: System, person: Person) -> None:
    view = system.run(system.scale_set(capacity=10))
    person.open(f"rollouts/{view['id']}")
    person.cells("done").first.focus()
    for key, there in [("ArrowRight", 5), ("ArrowDown", 6), ("ArrowLeft", 1), ("End", 9)]:
        person.page.keyboard.press(key)
        assert focused(person) == f"instance {there}: done, healthy"
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("region", name="Instance 9")).to_be_visible()
    assert person.page.url.endswith("?instance=9")


def test_a_slash_searches_and_a_question_mark_explains(system: System, person: Person) -> None:
    system.scale_set(name="findme")
    person.open("scale-sets")
    expect(person.page.get_by_role("link", name="findme")).to_be_visible()
    person.page.keyboard.press("/")
    person.page.keyboard.type("find")
    expect(person.page.locator("tbody tr")).to_have_count(1)
    person.page.locator("main").focus()
    person.page.keyboard.press("?")
    expect(person.page.get_by_role("dialog")).to_contain_text("next and previous line")
    person.page.keyboard.press("Escape")
    expect(person.page.locator("dialog[open]")).to_have_count(0)
