"""A fleet rollout from its file to its end, with the command alone."""

import json
import re
from pathlib import Path

import pytest
from answering import ALLOWS_LOOPBACK, answering
from command import Person
from pages import ROOT
from story import NEW, System
from windows import HOUR, freeze

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


def test_the_file_of_the_page_asks_its_gate_between_the_waves(
    person: Person, system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    page = (ROOT / "docs/fleets.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    names = [scale_set.rsplit("/", 1)[-1] for scale_set in system.small(2)]
    for name, own in zip(("demo/web", "demo/api"), names, strict=True):
        said = said.replace(name, own)
    file = tmp_path / "fleet.yaml"
    person.width = 400
    with answering() as host:
        host.says("/web", (200, {"errorRate": 0.002}))
        file.write_text(said.replace("https://checks.contoso.com", host.url))
        planned = person.says("fleet", "plan", str(file))
        assert planned.code == 0, planned.err
        assert "Gate error rate (http, wave, required) would pass now" in planned.out
        assert person.says("fleet", "start", str(file), "--wait").code == 5
        shown = person.says("fleet", "show", "july-gated").out
        assert "error rate" in shown
        assert person.says("fleet", "approve", "july-gated").code == 0
        assert system.finish_fleet("july-gated")["phase"] == "Succeeded"
        assert host.times("/web") == 1 + 2 + 2


def test_glass_is_broken_for_a_whole_fleet_rollout(
    person: Person, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_FREEZES", json.dumps([freeze(system, -HOUR, 20 * HOUR)]))
    assert person.says("fleet", "start", str(file), "--id", file.stem).code == 0
    refused = person.says("fleet", "break-glass", file.stem)
    assert refused.code != 0
    assert "reason" in refused.err
    broken = person.says("fleet", "break-glass", file.stem, "--reason", "CVE-2026-1234")
    assert broken.code == 0, broken.err
    person.says("fleet", "abort", file.stem)
    assert system.finish_fleet(file.stem)["phase"] == "Aborted"
