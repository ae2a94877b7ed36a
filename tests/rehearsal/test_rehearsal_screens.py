"""Each screen of a rehearsal, whole, as text. WRITE_SCREENS=1 writes what they are now."""

import os
from pathlib import Path

import pytest
from command import Person
from story import NEW, OLD, PLATFORM, System

SCREENS = Path(__file__).parent / "screens"
COMMANDS = {
    "good": ["web", NEW, "--set", "canary.instances=1"],
    "bad-image": ["web", NEW, "--fault", "bad-image"],
    "waits": ["web", NEW, "--fault", "1=fails", "--set", "onFailure=pause", "--upgrade", "2m"],
    "refused": ["automatic", NEW],
}
WIDTHS = (60, 80, 200)


@pytest.fixture(scope="module", autouse=True)
def sets(running: System) -> None:
    image = {**PLATFORM, "version": OLD}
    running.scale_set(
        name="web", capacity=9, updateDomains=3, image=image, unhealthy=["4"], protected=["2"]
    )
    running.scale_set(name="automatic", capacity=2, upgradePolicy="Automatic")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_is_as_it_was(person: Person, name: str) -> None:
    widths = WIDTHS if name == "bad-image" else (80,)
    drawn = "\n".join(_drawn(person, COMMANDS[name], width) for width in widths)
    file = SCREENS / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        SCREENS.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def _drawn(person: Person, words: list[str], width: int) -> str:
    person.width = width
    done = person.says("rehearse", *words)
    head = f"=== {width} columns: exit code {done.code}"
    return "\n".join([head, *done.lines, *(f"! {line}" for line in done.err.splitlines())]) + "\n"
