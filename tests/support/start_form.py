"""The form that starts a rollout, as somebody fills it in."""

import re
from typing import Any

from browser import Person
from playwright.sync_api import expect
from story import NEW, OLD, System

ADDED = "Gates, hooks, windows and freezes"


def chosen(person: Person, system: System, scale_set: str) -> None:
    """As far as the plan, with nothing added."""
    system.publish(publisher="Canonical", offer="UbuntuServer", sku="14.04.2-LTS", version=OLD)
    name = scale_set.rsplit("/", 1)[-1]
    person.open("start")
    person.page.get_by_role("radio", name=re.compile(rf"^{name} ")).click()
    person.page.get_by_role("radio", name=re.compile(f"^{re.escape(NEW)}")).click()
    expect(person.page.locator(".heat .cell").first).to_be_visible()
    person.page.get_by_text(ADDED).click()


def adds(person: Person, kind: str) -> None:
    person.page.get_by_role("combobox", name="Add", exact=True).select_option(kind)


def fills(person: Person, label: str, value: str) -> None:
    """In the entry that was added last."""
    entry = person.page.locator("fieldset.entry").last
    field = entry.get_by_label(re.compile(f"^{label}"))
    field.fill(value)
    field.blur()


def picks(person: Person, label: str, value: str) -> None:
    """Likewise, of a list."""
    entry = person.page.locator("fieldset.entry").last
    entry.get_by_label(re.compile(f"^{label}")).select_option(value)


def starts(person: Person, system: System, scale_set: str) -> dict[str, Any]:
    """Press the button of the plan that is shown: the rollout's view."""
    person.page.get_by_role("button", name=re.compile("^Start: move")).click()
    expect(person.page.locator("main h1")).to_have_text(re.compile("Pending|Progressing|Awaiting"))
    [line] = system.api.get("/api/rollouts", params={"scaleSet": scale_set}).json()
    return system.view(line["id"])
