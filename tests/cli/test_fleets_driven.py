"""A fleet rollout from its file to its end, with the command alone."""

import json
from pathlib import Path

import pytest
from command import Person
from story import NEW, System

FILE = """
image: {image}
waves:
- name: first
  scaleSets: [{first}]
- name: rest
  approval: before
  scaleSets: [{rest}]
"""


@pytest.fixture
def file(system: System, tmp_path: Path) -> Path:
    """A fleet rollout of two scale sets, by their names, the second one after an approval."""
    names = [scale_set.rsplit("/", 1)[-1] for scale_set in system.small(2)]
    file = tmp_path / f"{names[0]}.yaml"
    file.write_text(FILE.format(image=NEW, first=names[0], rest=names[1]))
    return file


def test_it_is_planned_started_approved_and_waited_for(person: Person, file: Path) -> None:
    planned = person.says("fleet", "plan", str(file))
    person.width = 400
    planned = person.says("fleet", "plan", str(file))
    assert planned.code == 0
    id_ = file.stem
    started = person.says(*planned.lines[-1].split()[1:], "--id", id_, "--wait", "-m", "CVE-1")
    assert started.code == 5
    assert f"Such as: vmss-rollout fleet approve {id_}" in started.out
    assert person.says("fleet", "approve", id_, "-m", "change 4711").code == 0
    done = person.says("fleet", "watch", id_, "-o", "json")
    assert done.code == 0
    view = json.loads(done.out)
    assert (view["phase"], view["reason"]) == ("Succeeded", "CVE-1")
    rows = json.loads(person.says("fleet", "sets", id_, "-o", "json").out)
    assert [row["state"] for row in rows] == ["done", "done"]


def test_a_second_one_on_a_scale_set_names_the_first(
    person: Person, file: Path, system: System
) -> None:
    person.says("fleet", "start", str(file), "--id", file.stem)
    done = person.says("fleet", "start", str(file), "--id", f"{file.stem}-again")
    assert done.code == 6
    assert done.err.splitlines()[-1] == f"See it: vmss-rollout fleet watch {file.stem}"
    person.says("fleet", "abort", file.stem)
    system.finish_fleet(file.stem)


def test_an_aborted_fleet_rollout_is_exit_code_4(person: Person, file: Path) -> None:
    person.says("fleet", "start", str(file), "--id", file.stem)
    assert person.says("fleet", "abort", file.stem, "-m", "lunch").code == 0
    assert person.says("fleet", "watch", file.stem).code == 4


def test_keep_waiting_waits_for_somebody(person: Person, file: Path, system: System) -> None:
    person.says("fleet", "start", str(file), "--id", file.stem)
    person.pressed = [""] * 200 + ["^C"]
    assert person.says("fleet", "watch", file.stem, "--keep-waiting").code == 130
    assert person.says("fleet", "rollback", file.stem).code == 0
    assert system.finish_fleet(file.stem)["phase"] == "RolledBack"


def test_why_it_waits(person: Person, file: Path, system: System) -> None:
    person.says("fleet", "start", str(file), "--id", file.stem, "--wait")
    why = person.says("fleet", "why", file.stem)
    assert "approve: " in why.out
    person.says("fleet", "approve", file.stem)
    system.finish_fleet(file.stem)


def test_a_scale_set_that_is_not_there_is_named(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "typo.yaml"
    file.write_text(FILE.format(image=NEW, first="nowhere-at-all", rest="x"))
    done = person.says("fleet", "plan", str(file))
    assert done.code == 2
    assert done.err.splitlines()[0] == "The app sees no scale set 'nowhere-at-all'."
