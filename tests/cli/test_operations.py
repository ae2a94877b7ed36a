"""The stories of docs/operations.md, told with the command."""

import shlex
from collections.abc import Iterator

from command import Done, Person
from pages import blocks
from story import NEW, OLD, System

STORIES = [block for block in blocks("console") if block.page == "docs/operations.md"]
START, APPROVE, RETRY, ROLL_BACK = STORIES[1:5]
HALF, BACK, ABORT, AGAIN = STORIES[5:9]
FEATURES = STORIES[9]


def typed(person: Person, commands: list[str]) -> Iterator[Done]:
    """What each of the commands comes to, with the variables of the page."""
    for command in commands:
        words = shlex.split(command.replace("$T", "noon").replace("$NEW", NEW))
        assert words.pop(0) == "vmss-rollout"
        yield person.says(*words)


def codes(person: Person, commands: list[str]) -> list[int]:
    return [done.code for done in typed(person, commands)]


def test_the_rehearsal_goes_as_it_says(system: System, person: Person) -> None:
    system.scale_set(name="op-noon", capacity=10)
    system.fault("upgradeFails", scaleSet="op-noon", instanceIds=["5"])
    assert codes(person, START.commands) == [0, 5]
    assert system.view("op-noon")["phase"] == "AwaitingApproval"
    approve, why, failed = APPROVE.commands
    assert codes(person, [approve]) == [0]
    system.until("op-noon", lambda view: view["phase"] == "Paused")
    assert "failed to provision" in "".join(done.out for done in typed(person, [why]))
    assert [done.lines[1].split()[0] for done in typed(person, [failed])] == ["5"]
    system.azure.delete("/_sim/faults")
    assert codes(person, RETRY.commands) == [0]
    system.until("op-noon", lambda view: view["phase"] == "AwaitingApproval")
    assert codes(person, ROLL_BACK.commands) == [0, 3, 0]


def test_a_rollback_that_was_aborted_is_finished(system: System, person: Person) -> None:
    system.scale_set(name="half-noon", capacity=10)
    assert codes(person, HALF.commands) == [0]
    system.until("half-noon", lambda view: view["batch"] == 4)
    assert codes(person, BACK.commands) == [0]
    system.until("half-noon", lambda view: view["batch"] == 6)
    assert codes(person, ABORT.commands) == [0]
    assert system.finish("half-noon")["phase"] == "Aborted"
    assert codes(person, AGAIN.commands) == [0, 0, 0]
    assert system.finish("half-noon")["phase"] == "RolledBack"


def test_each_feature_can_be_tried(system: System, person: Person) -> None:
    scale_sets = {
        name: system.scale_set(name=f"try-{name}-noon", capacity=4, updateDomains=2)
        for name in ("canary", "approval", "early", "bad", "deadline")
    }
    for name in ("early", "bad"):
        system.fault("badImage", scaleSet=f"try-{name}-noon", version=NEW)
    assert codes(person, FEATURES.commands) == [0, 5, 1, 3, 1, 0]
    truth = system.truth(scale_sets["bad"])
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {OLD}
