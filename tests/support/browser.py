"""A person in front of a browser: Debian's Chromium, driven by Playwright."""

import json
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".npm/node_modules/axe-core/axe.min.js"
PATIENCE = 20_000
"""Real milliseconds that a page may take to show something, on a machine that is busy."""
A_WHILE = 20_000
"""Longer than a page waits between two looks: milliseconds of its own clock."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


@contextmanager
def chromium() -> Generator[Browser]:
    """A browser without a window. Its sandbox needs rights that containers do not have."""
    path = shutil.which("chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield one
        one.close()


type Opens = Callable[..., Person]
"""Opens a tab, of another system if told so; other options are those of Playwright's new_page."""


type Axe = Callable[[], None]
"""Looks whether everybody can use what a page shows now; fails with what they cannot."""


@dataclass
class Console:
    """What a page has complained of. Chromium itself notes each call that was answered with an
    error: that is no complaint of the page.
    """

    said: list[str] = field(default_factory=list[str])

    def listen(self, page: Page) -> None:
        page.on("console", self._on_message)
        page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))

    def _on_message(self, message: ConsoleMessage) -> None:
        loud = message.type in {"error", "warning"}
        if loud and not message.text.startswith("Failed to load resource"):
            self.said.append(f"{message.type}: {message.text}")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now; nothing where that is missing."""
    if not AXE.exists():
        return []
    # Not by a script element: the page's own policy would refuse it.
    page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [_said(one) for one in found["violations"]]


class Person:
    """Looks at one tab, and notes what its console says."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.console = Console()
        page.set_default_timeout(PATIENCE)
        page.clock.install()
        self.console.listen(page)

    def open(self, screen: str = "") -> None:
        """Open a screen, such as "rollouts/web-1"."""
        self.page.goto(f"{self.address}#/{screen}")

    def wait(self) -> None:
        """Until the page has looked again."""
        self.page.clock.fast_forward(A_WHILE)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        """That text is shown, by now or soon."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def cells(self, state: str) -> Locator:
        """The instances in that state, such as "done"."""
        return self.page.locator(f".heat .cell.state-{state}")

    def asks(self, verb: str, reason: str = "") -> None:
        """Press a verb's button, give a reason, and confirm."""
        self.page.locator(f'[data-verb="{verb}"]').click()
        if reason:
            self.page.get_by_label("Reason").fill(reason)
        self.page.locator("dialog[open] button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def flaws(self) -> list[str]:
        """What axe-core finds in either colour scheme."""
        found: list[str] = []
        for colours in ("light", "dark"):
            self.page.emulate_media(color_scheme=colours)
            found += violations(self.page)
        return found

    def fits(self) -> bool:
        """Whether nothing sticks out to the side."""
        return self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _said(violation: dict[str, Any]) -> str:
    where = [node["target"] for node in violation["nodes"]][:3]
    return f"{violation['id']}: {violation['help']} {json.dumps(where)}"
