"""Each screen of a rehearsal, whole, as text. WRITE_SCREENS=1 writes what they are now."""

from dataclasses import replace

import pytest
from command import Done, Person
from screens import REHEARSED, hold
from story import NEW, OLD, PLATFORM, System

DRAWN_OVER = "\x1b[2K"
"""Of a view that moves, only the last one is held: how many there are is up to the machine."""
COMMANDS = {
    "good": ["web", NEW, "--set", "canary.instances=1"],
    "bad-image": ["web", NEW, "--fault", "bad-image"],
    "waits": ["web", NEW, "--fault", "1=fails", "--set", "onFailure=pause", "--upgrade", "2m"],
    "refused": ["automatic", NEW],
    "no-such-image": ["web", "9.9"],
}


@pytest.fixture(scope="module", autouse=True)
def sets(running: System) -> None:
    image = {**PLATFORM, "version": OLD}
    running.scale_set(
        name="web", capacity=9, updateDomains=3, image=image, unhealthy=["4"], protected=["2"]
    )
    running.scale_set(name="automatic", capacity=2, upgradePolicy="Automatic")


@pytest.mark.by_day(3)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_is_as_it_was(person: Person, name: str) -> None:
    def draw(width: int, colour: bool) -> Done:  # noqa: FBT001 - as `hold` calls it
        person.width, person.colour = width, colour
        done = person.says("rehearse", *COMMANDS[name])
        return replace(done, out=done.out.rsplit(DRAWN_OVER, maxsplit=1)[-1])

    hold(name, draw, REHEARSED)


def test_every_screen_has_a_command() -> None:
    assert {file.stem for file in REHEARSED.iterdir()} == set(COMMANDS)
