"""A rollout is started from the form, and what was typed is never lost."""

import re

from browser import Person
from playwright.sync_api import expect
from story import NEW, OLD, System


def chosen(person: Person, scale_set: str, version: str = NEW) -> None:
    """As far as the plan: scale set, image, policy as it is."""
    name = scale_set.rsplit("/", 1)[-1]
    person.open("start")
    person.page.get_by_role("radio", name=re.compile(rf"^{name} ")).click()
    person.page.get_by_role("radio", name=re.compile(f"^{re.escape(version)}")).click()
    expect(person.page.locator(".heat .cell").first).to_be_visible()


def test_a_rollout_is_started_from_the_form_and_watched_to_its_end(
    system: System, person: Person
) -> None:
    system.publish(publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version=OLD)
    scale_set = system.scale_set(capacity=10)
    chosen(person, scale_set)
    person.page.get_by_role("radio", name=re.compile("^Canary")).check()
    person.sees("At the worst moment")
    person.page.get_by_label("Reason").fill("CVE-2026-1234")
    person.page.get_by_role("button", name=re.compile("^Start: move 10")).click()
    expect(person.page.locator("main h1")).to_have_text(re.compile("Pending|Progressing"))
    [line] = system.api.get("/api/rollouts", params={"scaleSet": scale_set}).json()
    assert line["reason"] == "CVE-2026-1234"
    view = system.view(line["id"])
    assert view["policy"]["canary"] is not None
    if "approve" in system.until(line["id"], waits_or_ended)["verbs"]:
        person.wait()
        person.asks("approve")
    system.finish(line["id"])
    person.wait()
    expect(person.page.locator("main h1")).to_have_text("Succeeded")
    expect(person.cells("done")).to_have_count(10)


def waits_or_ended(view: dict[str, object]) -> bool:
    return view["phase"] in {"AwaitingApproval", "Succeeded"} or view["batch"] == view["batches"]


def test_what_was_typed_is_kept_when_somebody_was_quicker(system: System, person: Person) -> None:
    scale_set = system.scale_set(capacity=4)
    chosen(person, scale_set)
    person.page.get_by_label("Reason").fill("mine")
    other = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(other, lambda view: view["phase"] == "AwaitingApproval")
    person.page.get_by_role("button", name=re.compile("^Start: move")).click()
    expect(person.page.get_by_role("alert").first).to_contain_text(other)
    expect(person.page.get_by_label("Reason")).to_have_value("mine")
    person.press("Plan again")
    expect(person.page.get_by_role("link", name=f"See rollout {other}")).to_be_visible()
    expect(person.page.get_by_label("Reason")).to_have_value("mine")
    expect(person.page.get_by_role("button", name=re.compile("^Start: move"))).to_be_disabled()
    assert person.flaws() == []
    system.api.post(f"/api/rollouts/{other}/abort", json={})
    system.finish(other)


def test_the_same_can_be_done_from_a_terminal(system: System, person: Person) -> None:
    scale_set = system.scale_set(capacity=4)
    chosen(person, scale_set)
    person.page.get_by_text("The same from a terminal").click()
    command, said = (person.page.locator("details pre").nth(number) for number in (0, 1))
    expect(command).to_contain_text("vmss-rollout start")
    expect(command).to_contain_text(f"Canonical:UbuntuServer:14.04.2-LTS:{NEW}")
    expect(said).to_contain_text("curl -X POST")
    expect(said).to_contain_text(f'"scaleSet": "{scale_set}"', ignore_case=True)


def test_a_scale_set_that_cannot_be_rolled_says_why(system: System, person: Person) -> None:
    system.scale_set(name="automatic", upgradePolicy="Automatic")
    person.open("start")
    radio = person.page.get_by_role("radio", name=re.compile("^automatic"))
    expect(radio).to_be_disabled()
    person.sees("set upgradePolicy.mode to Manual")


def test_what_is_left_alone_is_not_said_to_be_moved(system: System, person: Person) -> None:
    scale_set = system.scale_set(capacity=4, protected=["0"])
    name = scale_set.rsplit("/", 1)[-1]
    chosen(person, scale_set)
    start = person.page.get_by_role("button", name=f"Start: move 3 instances of {name}")
    expect(start).to_be_visible()
    expect(person.page.locator(".heat-row", has_text="left alone")).to_contain_text("/")


def test_what_was_typed_is_kept_over_a_sign_in(system: System, person: Person) -> None:
    """That leads away from the page, and back to it."""
    scale_set = system.scale_set(capacity=4)
    chosen(person, scale_set)
    person.page.get_by_label("Reason").fill("mine")
    person.page.reload()
    expect(person.page.get_by_label("Reason")).to_have_value("mine")
    person.sees(f"Canonical:UbuntuServer:14.04.2-LTS:{NEW}")


def test_an_image_is_kept_for_its_own_scale_set_only(system: System, person: Person) -> None:
    """Whoever comes from another scale set's page has not chosen an image for this one."""
    first, second = system.small(2)
    chosen(person, first)
    person.page.goto(f"{person.address}#/start?scaleSet={second}")
    person.sees("Versions of Canonical:UbuntuServer:14.04.2-LTS")
    expect(person.page.locator(".heat .cell")).to_have_count(0)
    person.page.goto(f"{person.address}#/start?scaleSet={first}")
    expect(person.page.locator(".heat .cell")).to_have_count(2)
