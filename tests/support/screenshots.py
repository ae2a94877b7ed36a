"""Pictures of the page for the documents: docs/images. `make screenshots`; look at every one."""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browser import DESK, PHONE, Person, chromium
from furnished import Furnished, furnish
from playwright.sync_api import Browser, expect
from story import System, playing

IMAGES = Path(__file__).parents[2] / "docs/images"
DARK: Mapping[str, Any] = {"color_scheme": "dark"}
SMALL: Mapping[str, Any] = {"viewport": PHONE, "device_scale_factor": 2}

type Options = Mapping[str, Any]

SCREENS: Mapping[str, tuple[str, Options]] = {
    "home": ("", {}),
    "home-dark": ("", DARK),
    "rollout": ("rollouts/{running}", {}),
    "rollout-dark": ("rollouts/{running}", DARK),
    "rollout-waiting-phone": ("rollouts/{waiting}", SMALL),
    "rollout-failed": ("rollouts/{failed}?instance=0", {}),
    "rollout-rolled-back": ("rollouts/{back}", {}),
    "fleet": ("fleets/{fleet}", {}),
    "followed": ("followed", {}),
    "scale-sets": ("scale-sets", {}),
    "scale-set": ("scale-sets/demo/reports", {}),
    "start": ("start?scaleSet={scale_set}", {}),
}

FIRST_SCREENFUL = {"rollout", "rollout-dark", "home", "home-dark"}
"""What one sees before one scrolls; of the others, the whole."""


def main() -> None:
    """All of them, or those that are named."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as state, playing(Path(state)) as system, chromium() as browser:
        there = furnish(system)
        for name in sys.argv[1:] or SCREENS:
            _take(browser, system, there, name)


def _take(browser: Browser, system: System, there: Furnished, name: str) -> None:
    screen, options = SCREENS[name]
    wanted: dict[str, Any] = {"viewport": DESK, **options}
    page = browser.new_page(**wanted)
    person = Person(page, f"{str(system.api.base_url).rstrip('/')}/api/dashboard")
    person.open(screen.format(**vars(there)))
    expect(page.locator("main h1")).to_have_count(1)
    if name == "start":
        _chosen(person)
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=name not in FIRST_SCREENFUL)
    page.close()


def _chosen(person: Person) -> None:
    """The start form, as far as its plan."""
    person.page.get_by_role("radio").first.click()
    expect(person.page.locator(".heat .cell").first).to_be_visible()


if __name__ == "__main__":
    main()
