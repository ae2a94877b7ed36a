"""Every screen, light and dark, on a desk and on a phone: readable, reachable, and in its place."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser import PHONE, Opens, Person
from furnished import Furnished, furnish
from playwright.sync_api import Route, expect
from story import NEW, System, playing

SCREENS = {
    "home": "",
    "waiting": "rollouts/{waiting}",
    "running": "rollouts/{running}",
    "paused": "rollouts/{paused}",
    "failed": "rollouts/{failed}?instance=0",
    "stopped": "rollouts/{stopped}",
    "going-back": "rollouts/{going_back}",
    "aborted": "rollouts/{aborted}",
    "back": "rollouts/{back}",
    "done": "rollouts/{done}",
    "fleets": "fleets",
    "fleet": "fleets/{fleet}",
    "followed": "followed",
    "news": "news",
    "scale-sets": "scale-sets",
    "scale-set": "scale-sets/demo/reports",
    "unknown-scale-set": "scale-sets/demo/never-was",
    "start": "start",
    "start-image": "start?scaleSet={scale_set}",
    "unknown-rollout": "rollouts/never-was",
    "nowhere": "no/such/screen",
}

PHONE_WORDS, LINE = 250, 60
"""Pixels: the least width for words on a phone, the most height of one line of them."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, Furnished]]:
    with playing(tmp_path_factory.mktemp("state")) as system:
        yield system, furnish(system)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_readable_reachable_and_in_its_place(
    opens: Opens, world: tuple[System, Furnished], screen: str
) -> None:
    """In both colour schemes axe-core finds nothing; a phone does not scroll sideways."""
    system, there = world
    person = opens(of=system)
    person.open(SCREENS[screen].format(**vars(there)))
    settled(person)
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


def settled(person: Person) -> None:
    """Nothing is being looked for any more."""
    expect(person.page.locator("main h1")).to_have_count(1)
    looking = person.page.locator("[role=status]", has_text=re.compile("^(Look|Plan)"))
    expect(looking).to_have_count(0)


@pytest.mark.parametrize(
    ("of", "verb"),
    [
        ("waiting", "approve"),
        ("waiting", "abort"),
        ("running", "pause"),
        ("paused", "resume"),
        ("failed", "retry"),
        ("failed", "skip"),
        ("failed", "rollback"),
        ("fleet", "approve"),
    ],
)
def test_a_confirmation_is_readable_and_fits(
    opens: Opens, world: tuple[System, Furnished], of: str, verb: str
) -> None:
    system, there = world
    person = opens(of=system)
    person.open(f"{'fleets' if of == 'fleet' else 'rollouts'}/{vars(there)[of]}")
    person.page.locator(f'[data-verb="{verb}"]').click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog.locator("p").first).to_be_visible()
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


def test_a_rollout_that_has_not_begun_says_so(
    opens: Opens, world: tuple[System, Furnished]
) -> None:
    system, there = world
    person = opens(of=system)

    def pending(route: Route) -> None:
        none: dict[str, Any] = {"rows": [], "timeline": [], "batches": 0, "waits": None}
        route.fulfill(json={**system.view(there.waiting), "phase": "Pending", **none})

    person.page.route(f"**/api/rollouts/{there.waiting}", pending)
    person.open(f"rollouts/{there.waiting}")
    person.sees("The instances are shown as soon as they have been read.")
    assert person.flaws() == []


def test_the_list_of_keys_is_readable(opens: Opens, world: tuple[System, Furnished]) -> None:
    person = opens(of=world[0])
    person.open()
    settled(person)
    person.page.keyboard.press("?")
    expect(person.page.get_by_role("dialog")).to_be_visible()
    assert person.flaws() == []


@pytest.mark.parametrize(
    ("scale_set", "version", "said"),
    [
        ("reports", NEW, "At the worst moment"),
        ("workers", NEW, "Flexible orchestration"),
        ("partner", "2.1.0", "At the worst moment"),
        ("appliance", "2.1.0", "At the worst moment"),
    ],
)
def test_every_step_of_a_start_is_readable_and_fits(
    opens: Opens, world: tuple[System, Furnished], scale_set: str, version: str, said: str
) -> None:
    """Whatever gallery its image is in; what a plan warns of is said."""
    person = opens(of=world[0])
    person.open("start")
    person.page.get_by_role("radio", name=re.compile(f"^{scale_set} ")).click()
    choice = person.page.get_by_role("radio", name=re.compile(f"^{re.escape(version)}"))
    expect(choice).to_be_visible()
    person.press("Another image, by its name or id")
    assert person.flaws() == []
    choice.click()
    person.page.get_by_text("Every rule").click()
    person.page.get_by_text("The same from a terminal").click()
    person.sees(said)
    assert person.flaws() == []
    person.page.set_viewport_size(PHONE)
    assert person.fits()


def test_nothing_is_squeezed_or_blown_up(opens: Opens, world: tuple[System, Furnished]) -> None:
    """A phone has room for words, the search for a line, and a column of images for a version."""
    system, _ = world
    phone = opens(of=system, viewport=PHONE)
    phone.open()
    line = phone.page.locator(".line").first
    expect(line).to_be_visible()
    assert phone.page.locator(".line .what").first.evaluate("one => one.clientWidth") > PHONE_WORDS
    desk = opens(of=system)
    desk.open("start")
    search = desk.page.locator("input[type=search]")
    expect(search).to_be_visible()
    assert search.evaluate("one => one.clientHeight") < LINE
    for person in (desk, phone):
        person.open("scale-sets")
        version = person.page.locator("tbody td:nth-child(2) strong").first
        expect(version).to_be_visible()
        assert version.evaluate("one => one.getBoundingClientRect().height") < LINE
