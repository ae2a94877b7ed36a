"""The stories of docs/operations.md, told with the command. tests/project tells them with curl."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import at
from pages import blocks
from pasting import Shell
from story import NEW, OLD, PLATFORM, System, playing

PAGE = [block.text for block in blocks("bash") if block.page == "docs/operations.md"]
FUNCTIONS, *STORIES = PAGE[: next(i for i, text in enumerate(PAGE) if text.startswith("API="))]
START, APPROVE, WHY, RETRY, ROLL_BACK, HALF, BACK, ABORT, AGAIN = STORIES[:9]
FEATURES = STORIES[9:]
ENDS = {
    "canary": [0],
    "approval": [5],
    "verbs": [0, 0, 0, 6],
    "health": [0, 0],
    "outage": [0],
    "early": [1],
    "bad": [3],
    "once": [0, 6],
    "foreign": [1],
    "log": [0, 0, 0],
    "deadline": [0, 0],
}
"""The exit codes of each feature, by the name of its scale set."""


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """A system of its own: its faults are cleared in the middle of a story."""
    with playing(tmp_path / "state") as system:
        for version in (OLD, NEW):
            system.publish(**PLATFORM, version=version)
        yield system


@pytest.fixture
def shell(system: System, tmp_path: Path) -> Shell:
    functions = FUNCTIONS.replace("$(date +%H%M%S)", "noon")
    assert "T=noon" in functions
    azure = str(system.azure.base_url).rstrip("/")
    functions = functions.replace("http://127.0.0.1:7072", azure)
    return Shell(at(system, tmp_path), functions, {"T": "noon", "NEW": NEW})


def test_the_rehearsal_goes_as_it_says(system: System, shell: Shell) -> None:
    assert shell.codes(START) == [0, 5]
    assert system.view("op-noon")["phase"] == "AwaitingApproval"
    assert shell.codes(APPROVE) == [0]
    system.until("op-noon", lambda view: view["phase"] == "Paused")
    why, failed = shell.paste(WHY)
    assert "failed to provision" in why.out
    assert failed.lines[1].split()[0] == "5"
    assert shell.codes(RETRY) == [0]
    system.until("op-noon", lambda view: view["phase"] == "AwaitingApproval")
    assert shell.codes(ROLL_BACK) == [0, 0]
    assert system.view("op-noon")["phase"] == "RolledBack"


def test_a_rollback_that_was_aborted_is_finished(system: System, shell: Shell) -> None:
    assert shell.codes(HALF) == [0]
    system.until("half-noon", lambda view: view["batch"] == 4)
    assert shell.codes(BACK) == [0]
    system.until("half-noon", lambda view: view["batch"] == 6)
    assert shell.codes(ABORT) == [0]
    assert system.finish("half-noon")["phase"] == "Aborted"
    assert shell.codes(AGAIN) == [0, 0, 0]
    assert system.finish("half-noon")["phase"] == "RolledBack"


def listed(system: System) -> set[str]:
    """The rollouts of the list, into which one comes after its first turn."""
    system.host.wait_idle()
    return {line["id"] for line in system.api.get("/api/rollouts").json()}


@pytest.mark.parametrize(("block", "name"), list(zip(FEATURES, ENDS, strict=True)), ids=list(ENDS))
def test_a_feature_can_be_tried_twice(system: System, shell: Shell, block: str, name: str) -> None:
    assert f"try-{name}" in block
    assert shell.codes(block) == ENDS[name]
    begun = listed(system)
    shell.paste(block)
    assert listed(system) == begun
    for rollout_id in begun:
        system.api.post(f"/api/rollouts/{rollout_id}/abort")


def test_a_bad_image_leaves_the_old_one_everywhere(system: System, shell: Shell) -> None:
    (block,) = [text for text in FEATURES if "scale_set try-bad" in text]
    shell.paste(block)
    truth = system.azure.get("/_sim/scale-sets/demo/try-bad-noon").json()
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}
