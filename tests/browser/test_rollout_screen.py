"""A rollout in the browser: watched, approved, mended, aborted."""

import re

import pytest
from browser import Person
from playwright.sync_api import Route, expect
from story import NEW, System

CANARY = {"canary": {"instances": 1}, "approval": "canary"}


def waiting(system: System, **policy: object) -> str:
    """A rollout whose canary waits for approval: its id."""
    answer = system.start(system.scale_set(), policy={**CANARY, **policy})
    rollout_id = answer.json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    return rollout_id


def test_a_canary_is_approved_and_the_rows_turn(system: System, person: Person) -> None:
    rollout_id = waiting(system)
    person.open()
    person.page.get_by_role("link", name=re.compile("The canary is healthy")).first.click()
    expect(person.page.locator("h1")).to_have_text("Awaiting approval")
    expect(person.cells("done")).to_have_count(1)
    person.asks("approve", "looks good")
    person.sees("Approve requested")
    view = system.until(rollout_id, lambda view: view["counts"]["done"] >= 8)
    person.wait()
    expect(person.cells("done")).to_have_count(view["counts"]["done"])
    expect(person.cells("pending").first).to_be_visible()
    system.finish(rollout_id)
    person.wait()
    expect(person.page.locator("h1")).to_have_text("Succeeded")
    expect(person.cells("done")).to_have_count(20)
    assert any("looks good" in str(event) for event in system.events(rollout_id))


def test_a_failed_instance_says_why_is_tried_again_and_all_go_back(
    system: System, person: Person
) -> None:
    scale_set = system.scale_set()
    system.fault("badImage", version=NEW, scaleSet=scale_set.rsplit("/", 1)[-1])
    rollout_id = system.start(scale_set, policy={"onFailure": "pause"}).json()["id"]
    system.until(rollout_id, lambda view: "retry" in view["verbs"])
    person.open(f"rollouts/{rollout_id}")
    expect(person.page.locator("h1")).to_have_text("Paused")
    person.cells("failed").first.click()
    panel = person.page.get_by_role("region", name=re.compile("Instance"))
    expect(panel).to_contain_text("failed: did not become healthy")
    expect(panel.locator(".note")).to_contain_text("unhealthy")
    person.asks("retry")
    system.until(rollout_id, lambda view: view["phase"] == "Progressing")
    system.until(rollout_id, lambda view: "retry" in view["verbs"])
    system.azure.delete("/_sim/faults")
    person.wait()
    person.asks("rollback", "the image is bad")
    system.finish(rollout_id)
    person.wait()
    expect(person.page.locator("h1")).to_have_text("Rolled back")


def test_an_abort_is_confirmed_and_says_what_it_will_do(system: System, person: Person) -> None:
    rollout_id = waiting(system)
    person.open(f"rollouts/{rollout_id}")
    person.press("Abort")
    dialog = person.page.locator("dialog[open]")
    expect(dialog).to_contain_text(f"Abort {rollout_id}?")
    person.press("Cancel")
    expect(dialog).to_have_count(0)
    assert system.view(rollout_id)["phase"] == "AwaitingApproval"
    person.asks("abort", "not tonight")
    system.finish(rollout_id)
    person.wait()
    expect(person.page.locator("h1")).to_have_text("Aborted")


def test_somebody_was_quicker(system: System, person: Person) -> None:
    rollout_id = waiting(system)
    person.open(f"rollouts/{rollout_id}")
    person.press("Approve")
    person.page.get_by_label("Reason").fill("I have looked at it")
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)
    person.page.locator("dialog[open] button[type=submit]").click()
    dialog = person.page.locator("dialog[open]")
    expect(dialog.get_by_role("alert")).to_contain_text("approve")
    expect(person.page.get_by_label("Reason")).to_have_value("I have looked at it")
    expect(dialog.locator("button[type=submit]")).to_be_disabled()
    assert person.flaws() == []


@pytest.mark.parametrize(
    ("boot", "title", "spans"),
    [("PT0S", ", upgrade and boot .* stable", 3), ("PT1M", ", upgrade .* boot .* stable", 4)],
)
def test_an_upgrade_and_a_boot_that_were_seen_to_end_together_are_one_step(
    system: System, person: Person, boot: str, title: str, spans: int
) -> None:
    """Where one look saw both end, nobody knows when the upgrade did."""
    scale_set = system.scale_set(capacity=4, updateDomains=2, bootDuration=boot)
    view = system.run(scale_set)
    first = view["timeline"][0]
    assert (first["upgradedAt"] == first["healthyAt"]) is (spans == 3)
    person.open(f"rollouts/{view['id']}")
    track = person.page.locator(".timeline .track").first
    expect(track).to_have_attribute("title", re.compile(title))
    expect(track.locator("i")).to_have_count(spans)


def test_a_rollout_that_was_forgotten_says_so(person: Person) -> None:
    person.open("rollouts/never-was")
    person.sees("There is no rollout 'never-was'")


def test_a_thousand_instances_are_a_thousand_cells(system: System, person: Person) -> None:
    scale_set = system.scale_set(capacity=1000, zones=["1", "2", "3"])
    rollout_id = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    person.open(f"rollouts/{rollout_id}")
    expect(person.cells("pending")).to_have_count(1000)
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)


def test_each_placement_group_has_rows_of_its_own(system: System, person: Person) -> None:
    """Update domain 0 of one group has nothing to do with that of another."""
    scale_set = system.scale_set(capacity=8, updateDomains=2, placementGroupSize=4)
    view = system.run(scale_set)
    rows = [f"update domain {domain}, group {group}" for domain in (0, 1) for group in (1, 2)]
    person.open(f"rollouts/{view['id']}")
    expect(person.page.locator(".heat-row .place")).to_have_text(rows)
    expect(person.cells("done")).to_have_count(8)
    person.open(f"scale-sets/demo/{scale_set.rsplit('/', 1)[-1]}")
    expect(person.page.locator(".heat-row .place")).to_have_text(rows)


def test_health_is_marked_beside_the_state(system: System, person: Person) -> None:
    """By a shape, and in words: of those that wait, and of those that have failed."""
    scale_set = system.scale_set(name="marked", capacity=10, unhealthy=["7"])
    system.fault("badImage", version=NEW, scaleSet="marked")
    rollout_id = system.start(scale_set, policy={"onFailure": "pause"}).json()["id"]
    system.until(rollout_id, lambda view: "retry" in view["verbs"])
    person.open(f"rollouts/{rollout_id}")
    marked = person.page.locator(".heat .health-u")
    expect(marked).to_have_count(3)
    labels = [cell.get_attribute("aria-label") for cell in marked.all()]
    failed = [f"instance {each}: failed, unhealthy" for each in (0, 5)]
    assert labels == [*failed, "instance 7: pending, unhealthy"]
    mark = "one => getComputedStyle(one, '::after').borderTopWidth"
    assert marked.first.evaluate(mark) != "0px"
    expect(person.page.locator(".heat .health-h")).to_have_count(7)
    person.sees("health not known")
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)


def test_a_zone_that_is_one_placement_group_is_not_called_so(
    system: System, person: Person
) -> None:
    scale_set = system.scale_set(
        capacity=8, updateDomains=2, zones=["1", "2"], placementGroupSize=4
    )
    person.open(f"scale-sets/demo/{scale_set.rsplit('/', 1)[-1]}")
    rows = [f"zone {zone}, update domain {domain}" for zone in (1, 2) for domain in (0, 1)]
    expect(person.page.locator(".heat-row .place")).to_have_text(rows)


def test_a_later_version_of_the_app_is_no_error(system: System, person: Person) -> None:
    """Unknown fields, a phase and a state that this page does not know."""
    rollout_id = waiting(system)

    def newer(route: Route) -> None:
        view = system.view(rollout_id)
        rows = [{**view["rows"][0], "cells": "zzdd", "rack": 7}, *view["rows"][1:]]
        route.fulfill(json={**view, "phase": "Dreaming", "rows": rows, "mood": {"good": True}})

    person.page.route(f"**/api/rollouts/{rollout_id}", newer)
    person.open(f"rollouts/{rollout_id}")
    expect(person.page.locator("h1")).to_have_text("Dreaming")
    expect(person.page.locator(".cell", has_text="z")).to_have_count(2)
    system.api.post(f"/api/rollouts/{rollout_id}/abort", json={})
    system.finish(rollout_id)


def test_a_rollout_that_goes_back_says_why_and_the_tab_is_called_so(
    system: System, person: Person
) -> None:
    scale_set = system.scale_set(name="goes-back")
    system.fault("badImage", version=NEW, scaleSet="goes-back")
    rollout_id = system.start(scale_set).json()["id"]
    system.until(rollout_id, lambda view: view["phase"] == "RollingBack")
    person.open(f"rollouts/{rollout_id}")
    expect(person.page.locator(".sentence")).to_contain_text(
        "Batch 1 of 5 (update domain 0) failed"
    )
    expect(person.page).to_have_title("◀ goes-back: Rolling back - VMSS Rollout")
    system.finish(rollout_id)


def test_an_address_that_nobody_can_read_leads_on(person: Person) -> None:
    person.open("rollouts/%zz")
    person.sees("There is no rollout '%zz'")
    person.page.get_by_role("link", name="Go home").click()
    expect(person.page.get_by_role("heading", name="Ended lately")).to_be_visible()


def test_an_answer_of_another_shape_is_no_empty_page(person: Person) -> None:
    person.page.route("**/api/rollouts/odd", lambda route: route.fulfill(json={"mood": "good"}))
    person.open("rollouts/odd")
    person.sees("This screen cannot be shown")
    person.page.get_by_role("link", name="Go home").click()
    expect(person.page.get_by_role("heading", name="Ended lately")).to_be_visible()


def test_a_wait_that_goes_on_is_one_line_that_counts(system: System, person: Person) -> None:
    """Also while somebody watches: the line is replaced, not repeated."""
    rollout_id = system.start(system.scale_set(capacity=4, updateDomains=2)).json()["id"]
    system.until(rollout_id, lambda view: view["counts"]["inProgress"] > 0)
    system.fault("throttle", count=8, retryAfter=120)
    person.open(f"rollouts/{rollout_id}")
    lines = person.page.locator(".events li", has_text="Trying again")
    for _ in range(3):
        system.pass_minutes(4)
        person.wait()
        expect(lines.first).to_be_visible()
    told = system.events(rollout_id)
    waits = [line for line in told if line["kind"] == "waiting"]
    expect(lines).to_have_count(len(waits))
    expect(lines.filter(has_text="times, until")).to_have_count(
        sum("until" in line for line in waits)
    )
    system.finish(rollout_id)
