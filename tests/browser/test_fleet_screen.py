"""A fleet rollout in the browser: its waves, and the approval of one."""

import re

from browser import Person
from playwright.sync_api import expect
from story import System


def test_a_wave_is_approved_and_its_scale_sets_move(system: System, person: Person) -> None:
    first, second = system.small(2)
    waves = [
        {"name": "canary", "scaleSets": [first]},
        {"name": "prod", "scaleSets": [second], "approval": "before"},
    ]
    fleet_id = system.start_fleet(waves).json()["id"]
    system.fleet_until(fleet_id, lambda view: view["phase"] == "AwaitingApproval")
    person.open("fleets")
    person.page.get_by_role("link", name=re.compile(fleet_id)).click()
    expect(person.page.locator("h1")).to_have_text("Awaiting approval")
    canary = person.page.get_by_role("region", name="Wave 1: canary")
    expect(canary.locator("a.tile")).to_contain_text(first.rsplit("/", 1)[-1])
    person.asks("approve")
    system.finish_fleet(fleet_id)
    person.wait()
    expect(person.page.locator("h1")).to_have_text("Succeeded")
    prod = person.page.get_by_role("region", name="Wave 2: prod")
    prod.locator("a.tile").click()
    expect(person.page.locator("h1")).to_have_text("Succeeded")
    expect(person.cells("done")).to_have_count(2)


def test_a_wave_that_bakes_says_how_long_still(system: System, person: Person) -> None:
    sets = system.small(2)
    waves = [
        {"name": "first", "scaleSets": sets[:1], "bakeAfter": "PT10M"},
        {"name": "rest", "scaleSets": sets[1:]},
    ]
    fleet_id = system.start_fleet(waves).json()["id"]
    view = system.fleet_until(fleet_id, lambda view: view["waves"][0]["state"] == "baking")
    person.page.clock.set_system_time(view["updatedAt"])
    person.open(f"fleets/{fleet_id}")
    expect(person.page.locator(".wave").first).to_contain_text(
        re.compile(r"until .* \(in 10 min\)")
    )
    system.finish_fleet(fleet_id)
