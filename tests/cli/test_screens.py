"""Each screen of the command, whole, as text: at 60, 80 and 200 columns, with and without colour.

Write what they are now with WRITE_SCREENS=1, and look at every one that has changed.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Done, at
from following import publish
from screens import REHEARSED, SCREENS, Draw, hold
from story import NEW, OLD, PLATFORM, System, playing

URL = "http://127.0.0.1:7071"
FOLLOWED = {
    "golden": {},
    "told": {"rollout.follow.mode": "notify"},
    "odd": {"rollout.policy": "nobody-has-named-it"},
}
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
    "followed-none": ["followed"],
    "fleet-list": ["fleet", "list"],
    "fleet-show": ["fleet", "show", "cve"],
    "fleet-sets": ["fleet", "sets", "cve"],
    "fleet-why": ["fleet", "why", "cve"],
    "fleet-events": ["fleet", "events", "cve"],
    "fleet-plan": ["fleet", "plan", "cve.yaml"],
    "doctor": ["doctor", "blind"],
    "unknown-rollout": ["show", "wbe-1"],
    "unknown-scale-set": ["plan", "wbe", NEW],
    "unknown-image": ["plan", "api", "9.9"],
    "refused-verb": ["approve", "web-1"],
    "usage": ["show"],
}
NEVER_BROKEN = re.compile(r"vmss-rollout |docs/|\w+ \d+ % \| |  -o, --output <")
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
    hold(name, drawing(system, folder, COMMANDS[name]))


def test_the_screen_of_followed_images_is_as_it_was(tmp_path: Path) -> None:
    """A version that is rolled to, one of which somebody is only told, and one that nobody can
    take.
    """
    with playing(tmp_path / "state") as system:
        system.subscribe()
        for image, tags in FOLLOWED.items():
            first = publish(system, image, "1.0.0")
            follows = {"rollout.follow": "current", **tags}
            system.scale_set(name=image, capacity=2, image={"id": first}, tags=follows)
            publish(system, image, "1.0.1")
            system.host.wait_idle()
        hold("followed", drawing(system, tmp_path, ["followed"]))


def drawing(system: System, folder: Path, words: list[str]) -> Draw:
    def draw(width: int, colour: bool) -> Done:  # noqa: FBT001 - as `hold` calls it
        person = at(system, folder)
        person.width, person.colour = width, colour
        done = person.says(*words)
        said = (part.replace(system.host.url, URL) for part in (done.out, done.err))
        return Done(done.code, *said)

    return draw


def test_no_screen_without_colour_is_wider_than_asked() -> None:
    """But for commands to be copied, lines of a log, and the script for a shell."""
    drawn = [*SCREENS.rglob("*.txt"), *REHEARSED.glob("*.txt")]
    for file in (it for it in drawn if it.stem != "completion" or it.parent.name == "help"):
        width = 0
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("==="):
                width = 10_000 if "colours" in line else int(line.split()[1])
            elif not NEVER_BROKEN.match(line):
                shown = re.sub(r"␛\[[\d;?]*[a-zA-Z]", "", line.removeprefix("! "))
                assert len(shown) <= width, (file.name, line)


def test_every_screen_has_a_command() -> None:
    assert {file.stem for file in SCREENS.glob("*.txt")} == {*COMMANDS, "followed"}
