"""Each screen of the command, whole, as text: at 60, 80 and 200 columns, with and without colour.

Write what they are now with WRITE_SCREENS=1, and look at every one that has changed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Person, at
from story import NEW, OLD, PLATFORM, System, playing

SCREENS = Path(__file__).parent / "screens"
WIDTHS = (60, 80, 200)
COMMANDS = {
    "list": ["list"],
    "show": ["show", "web-1"],
    "show-after-a-failure": ["show", "shop"],
    "instances": ["instances", "web-1"],
    "instances-failed": ["instances", "shop-1", "--failed"],
    "events": ["events", "shop-1"],
    "why": ["why", "shop-1"],
    "plan": ["plan", "api", NEW],
    "sets": ["sets"],
    "sets-behind": ["sets", "--behind"],
    "sets-not-rollable": ["sets", "--not-rollable"],
    "images": ["images", "api"],
    "followed": ["followed"],
    "fleet-list": ["fleet", "list"],
    "fleet-show": ["fleet", "show", "cve"],
    "fleet-sets": ["fleet", "sets", "cve"],
    "fleet-events": ["fleet", "events", "cve"],
    "fleet-plan": ["fleet", "plan", "cve.yaml"],
    "doctor": ["doctor", "blind"],
    "unknown-rollout": ["show", "wbe-1"],
    "unknown-scale-set": ["plan", "wbe", NEW],
    "unknown-image": ["plan", "api", "9.9"],
    "refused-verb": ["approve", "web-1"],
    "usage": ["show"],
}
FLEET = f"""
image: {NEW}
waves:
- name: first
  scaleSets: [small]
- name: rest
  approval: before
  scaleSets: [api, other]
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, Path]]:
    """A rollout in its third batch, one that waits for a decision, one that has ended, and a fleet
    rollout that waits for approval.
    """
    folder = tmp_path_factory.mktemp("screens")
    (folder / "cve.yaml").write_text(FLEET, encoding="utf-8")
    with playing(folder / "state") as system:
        for version in (OLD, NEW):
            system.publish(**PLATFORM, version=version)
        sets = {
            name: system.scale_set(name=name, capacity=capacity, updateDomains=domains, **more)
            for name, capacity, domains, more in (
                ("web", 20, 5, {}),
                ("shop", 6, 3, {}),
                ("api", 4, 2, {}),
                ("small", 2, 2, {}),
                ("other", 2, 2, {}),
                ("blind", 2, 2, {"health": "none"}),
            )
        }
        system.fault("upgradeFails", scaleSet="shop", instanceIds=["0"])
        system.start(sets["shop"], id="shop-1", by="ann", policy={"onFailure": "pause"})
        system.until("shop-1", lambda view: view["phase"] == "Paused")
        person = at(system, folder)
        person.environ["PWD"] = str(folder)
        started = person.says("fleet", "start", str(folder / "cve.yaml"), "--id", "cve")
        assert started.code == 0, started.err
        system.fleet_until("cve", lambda view: view["phase"] == "AwaitingApproval")
        system.start(sets["web"], id="web-1", by="bob", reason="CVE-2026-1")
        system.until("web-1", lambda view: view["batch"] == 3)
        yield system, folder


@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_is_as_it_was(
    world: tuple[System, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, folder = world
    monkeypatch.chdir(folder)
    drawn = "\n".join(
        _drawn(at(system, folder), COMMANDS[name], width, colour=colour)
        for colour in (False, True)
        for width in WIDTHS
    ).replace(system.host.url, "http://127.0.0.1:7071")
    file = SCREENS / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        SCREENS.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def _drawn(person: Person, words: list[str], width: int, *, colour: bool) -> str:
    person.width, person.colour = width, colour
    done = person.says(*words)
    head = f"=== {width} columns{', colours' if colour else ''}: exit code {done.code}"
    shown = "\n".join([head, *done.lines, *(f"! {line}" for line in done.err.splitlines())])
    return shown.replace("\x1b", "␛") + "\n"


def test_no_screen_without_colour_is_wider_than_asked() -> None:
    for file in SCREENS.glob("*.txt"):
        width = 0
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("==="):
                width = 10_000 if "colours" in line else int(line.split()[1])
            elif not line.startswith("vmss-rollout "):
                assert len(line.removeprefix("! ")) <= width, file.name


def test_every_screen_has_a_command() -> None:
    assert {file.stem for file in SCREENS.glob("*.txt")} == set(COMMANDS)
