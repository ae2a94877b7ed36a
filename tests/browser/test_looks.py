"""Every screen, light and dark, on a desk and on a phone: readable, reachable, and in its place."""

import re
from collections.abc import Iterator

import pytest
from browser import PHONE, Opens, violations
from furnished import Furnished, furnish
from playwright.sync_api import expect
from story import System, playing

SCREENS = {
    "home": "",
    "waiting": "rollouts/{waiting}",
    "running": "rollouts/{running}",
    "failed": "rollouts/{failed}?instance=0",
    "back": "rollouts/{back}",
    "done": "rollouts/{done}",
    "fleets": "fleets",
    "fleet": "fleets/{fleet}",
    "followed": "followed",
    "scale-sets": "scale-sets",
    "scale-set": "scale-sets/demo/reports",
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
    expect(person.page.locator("main h1")).to_have_count(1)
    expect(person.page.locator("[role=status]", has_text=re.compile("^(Look|Plan)"))).to_have_count(
        0
    )
    for colours in ("light", "dark"):
        person.page.emulate_media(color_scheme=colours)
        assert violations(person.page) == []
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
