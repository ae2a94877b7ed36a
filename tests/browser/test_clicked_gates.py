"""What docs/gates.md says of rehearsing a gate by clicking, done as it says."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from answering import ALLOWS_LOOPBACK
from browser import Opens
from playwright.sync_api import Page, expect
from simulated import came, choose, field
from story import System

PAGE = (Path(__file__).parents[2] / "docs/gates.md").read_text(encoding="utf-8")


def policy_of_the_page(azure: str) -> dict[str, Any]:
    """What is saved as gates.yaml."""
    [text] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    return yaml.safe_load(text.replace("http://127.0.0.1:7072", azure))


def fire(page: Page, scale_set: str) -> None:
    form = choose(page, "Fire an alert")
    field(form, "Scale set").select_option(scale_set)
    field(form, "Rule").fill("checkout errors")
    field(form, "Severity").select_option("Sev1")
    form.get_by_role("button", name="Fire it").click()
    expect(form).to_have_count(0)


def questions(system: System) -> int:
    return len(system.azure.get("/_sim/received/suite").json())


def test_the_gates_of_the_page_are_rehearsed_by_clicking(
    system: System, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    system.azure.delete("/_sim/received")
    system.azure.delete("/_sim/alerts")
    azure = os.environ["ARM_ENDPOINT"]
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    started = system.start(scale_set, policy=policy_of_the_page(azure))
    rollout = started.json()["id"]
    page = opens().page
    page.goto(azure)
    system.until(rollout, lambda _: questions(system) == 1)
    expect(came(page)).to_contain_text("question acceptance tests, after batch 1")
    fire(page, scale_set)
    came(page).get_by_role("button", name="Pass").click()
    expect(came(page)).to_contain_text("it counts (202)")
    view = system.until(rollout, lambda view: view["phase"] == "Paused")
    assert "gate alerts has failed: 1 alert fired: checkout errors (Sev1)" in view["message"]
    page.get_by_role("button", name="Resolve: alert “checkout errors”").click()
    expect(page.locator("#monitor")).to_contain_text("resolved")
    system.api.post(f"/api/rollouts/{rollout}/retry", json={"reason": "resolved"})
    system.until(rollout, lambda _: questions(system) == 2)
    came(page).get_by_role("button", name="Pass").click()
    expect(came(page)).to_contain_text("it counts (202)")
    assert system.finish(rollout)["phase"] == "Succeeded"
