"""How quickly the page draws a rollout, and what a refresh of it costs, as the browser measures it.

A rollout of 1,000 instances beside one of 20, in one run: the figures of a busy machine say little,
their ratio says more.
"""

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from browser import DESK, Person, chromium
from playwright.sync_api import Browser, Route
from story import NEW, PLATFORM, System, playing

LOADS, REFRESHES = 7, 20
MOST_PAINT, MOST_SCRIPTING = 300, 30
"""Milliseconds, for 1,000 instances on two cores that have nothing else to do."""

WATCH_FOR_PAINT = """
  const asked = window.fetch;
  window.fetch = async (...what) => {
    const answer = await asked(...what);
    if (/rollouts\\/[^/]+$/.test(String(what[0]))) window.dataCame ??= performance.now();
    return answer;
  };
  new MutationObserver((_, seen) => {
    if (!document.querySelector(".heat .cell")) return;
    seen.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (window.painted = performance.now())));
  }).observe(document, { childList: true, subtree: true });
"""


def main() -> None:
    with TemporaryDirectory() as state, playing(Path(state)) as system, chromium() as browser:
        system.publish(**PLATFORM, version=NEW)
        found = {count: _measured(browser, system, count) for count in (20, 1000)}
    print("| the page | 20 instances | 1,000 instances | ratio | at most |\n|---|---|---|---|---|")
    for number, (name, most) in enumerate(
        [
            ("first paint after its data, ms", MOST_PAINT),
            ("scripting per refresh, ms", MOST_SCRIPTING),
        ]
    ):
        few, many = found[20][number], found[1000][number]
        print(f"| {name} | {few:.1f} | {many:.1f} | {many / few:.1f} | {most} |")


def _measured(browser: Browser, system: System, count: int) -> tuple[float, float]:
    """Milliseconds until the first paint, and of scripting per refresh."""
    scale_set = system.scale_set(capacity=count, zones=["1", "2", "3"])
    rollout_id = system.start(scale_set, policy={"approval": "everyBatch"}).json()["id"]
    view = system.until(rollout_id, lambda view: view["phase"] == "AwaitingApproval")
    address = f"{str(system.api.base_url).rstrip('/')}/api/dashboard"
    paints = [_paint(browser, address, rollout_id) for _ in range(LOADS)]
    return median(paints), _scripting(browser, address, view)


def _paint(browser: Browser, address: str, rollout_id: str) -> float:
    page = browser.new_page(viewport=DESK, bypass_csp=True)
    page.add_init_script(WATCH_FOR_PAINT)
    page.goto(f"{address}#/rollouts/{rollout_id}")
    page.wait_for_function("window.painted")
    took = page.evaluate("window.painted - window.dataCame")
    page.close()
    return took


def _scripting(browser: Browser, address: str, view: dict[str, Any]) -> float:
    """A batch moves at each refresh: one row of the heat map changes, the others do not."""
    page = browser.new_page(viewport=DESK)
    person = Person(page, address)
    answered = iter(range(10_000))

    def moved(route: Route) -> None:
        letter = "ucsd"[next(answered) % 4]
        first, *others = view["rows"]
        route.fulfill(
            json={**view, "rows": [{**first, "cells": letter * len(first["cells"])}, *others]}
        )

    page.route(f"**/api/rollouts/{view['id']}", moved)
    person.open(f"rollouts/{view['id']}")
    page.wait_for_selector(".heat .cell")
    session: Any = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = _script_seconds(session)
    for _ in range(REFRESHES):
        with page.expect_response(f"**/api/rollouts/{view['id']}"):
            person.wait()
        page.evaluate("new Promise(requestAnimationFrame)")
    took = _script_seconds(session) - before
    page.close()
    return took * 1000 / REFRESHES


def _script_seconds(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "ScriptDuration")


if __name__ == "__main__":
    main()
