"""A rollout from its plan to its end, with the command alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from command import Person
from story import NEW, OLD, PLATFORM, System

SMALL = {"capacity": 2, "updateDomains": 2}


def policy(folder: Path, **fields: object) -> str:
    file = folder / "policy.yaml"
    file.write_text(yaml.safe_dump(fields))
    return str(file)


def test_a_rollout_is_planned_started_and_waited_for(system: System, person: Person) -> None:
    system.scale_set(name="plain", **SMALL)
    planned = person.says("plan", "plain", NEW)
    assert planned.code == 0
    command = planned.lines[-1].split()
    assert command[:4] == ["vmss-rollout", "start", "plain", NEW]
    done = person.says(*command[1:], "--id", "plain-1", "--wait", "-m", "CVE-1")
    assert done.code == 0, done.err
    assert done.lines[0].startswith("Pending") or done.lines[0].startswith("Progressing")
    assert "✓ Succeeded  100 %" in done.out
    view = system.view("plain-1")
    assert (view["reason"], view["by"]) == ("CVE-1", "ann")


def test_a_plan_that_is_not_the_one_of_now_starts_nothing(system: System, person: Person) -> None:
    system.scale_set(name="moved", **SMALL)
    done = person.says("start", "moved", NEW, "--plan", "0123456789abcdef")
    assert done.code == 6
    assert "plan" in done.err


@pytest.mark.parametrize(
    ("on_failure", "code", "phase"), [("rollback", 3, "RolledBack"), ("stop", 1, "Failed")]
)
def test_the_exit_code_says_how_it_ended(
    system: System, person: Person, tmp_path: Path, on_failure: str, code: int, phase: str
) -> None:
    name = f"bad-{on_failure}"
    system.scale_set(name=name, **SMALL)
    system.fault("badImage", scaleSet=name, version=NEW)
    file = policy(tmp_path, onFailure=on_failure)
    done = person.says("start", name, NEW, "--policy", file, "--wait")
    assert done.code == code
    assert phase in done.out


def test_an_aborted_rollout_is_exit_code_4(system: System, person: Person) -> None:
    system.scale_set(name="aborted", **SMALL)
    assert person.says("start", "aborted", NEW, "--id", "aborted-1").code == 0
    said = person.says("abort", "aborted-1", "-m", "lunch")
    assert said.code == 0
    assert "Abort requested by ann (lunch)" in said.out
    assert person.says("watch", "aborted-1").code == 4


def test_who_waits_for_somebody_is_exit_code_5_and_an_approval_goes_on(
    system: System, person: Person, tmp_path: Path
) -> None:
    system.scale_set(name="asked", **SMALL)
    file = policy(tmp_path, approval="start")
    done = person.says("start", "asked", NEW, "--id", "asked-1", "--policy", file, "--wait")
    assert done.code == 5
    assert "It waits for somebody: " in done.out
    assert "Such as: vmss-rollout approve asked-1" in done.out
    assert person.says("approve", "asked-1", "-m", "change 4711").code == 0
    assert person.says("watch", "asked-1").code == 0


def test_a_verb_that_does_not_fit_is_exit_code_6(system: System, person: Person) -> None:
    system.scale_set(name="fits", **SMALL)
    person.says("start", "fits", NEW, "--id", "fits-1")
    done = person.says("approve", "fits-1")
    assert done.code == 6
    assert "it takes: " in done.err
    assert done.err.splitlines()[-1] == "Why: vmss-rollout why fits-1"
    system.finish("fits-1")


def test_a_second_start_on_a_scale_set_names_the_first(system: System, person: Person) -> None:
    system.scale_set(name="once", **SMALL)
    person.says("start", "once", NEW, "--id", "once-1")
    done = person.says("start", "once", NEW)
    assert done.code == 6
    assert done.err.splitlines()[-1] == "See it: vmss-rollout watch once-1"
    system.finish("once-1")


def test_somebody_at_the_keyboard_is_asked_with_what_would_happen(
    system: System, person: Person
) -> None:
    system.scale_set(name="careful", **SMALL)
    person.at_keyboard = True
    person.answers = ["n"]
    done = person.says("start", "careful", NEW, "--id", "careful-1")
    assert done.lines[-1] == "Nothing was started."
    person.answers = ["y"]
    assert person.says("start", "careful", NEW, "--id", "careful-1").code == 0
    system.host.wait_idle()
    would = system.view("careful-1")["consequences"]["abort"]
    person.answers, person.width = ["n"], 200
    done = person.says("abort", "careful-1")
    assert done.lines == [would, "Nothing was sent."]
    assert system.finish("careful-1")["phase"] == "Succeeded"


def test_a_failed_instance_is_explained_retried_or_given_up(
    system: System, person: Person, tmp_path: Path
) -> None:
    system.scale_set(name="torn", capacity=4, updateDomains=2)
    system.fault("upgradeFails", scaleSet="torn", instanceIds=["0"])
    file = policy(tmp_path, onFailure="pause")
    started = person.says("start", "torn", NEW, "--id", "torn-1", "--policy", file, "-w")
    assert started.code == 5
    failed = person.says("instances", "torn-1", "--failed", "-o", "json")
    assert [row["instanceId"] for row in json.loads(failed.out)] == ["0"]
    why = person.says("why", "torn-1")
    assert "skip: " in why.out
    assert "retry: " in why.out
    assert person.says("skip", "torn-1", "--instance", "0").code == 0
    assert person.says("watch", "torn-1").code == 0


def json_lines(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


READ: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "jsonl": json_lines,
    "yaml": yaml.safe_load,
}


@pytest.mark.parametrize(("output", "read"), READ.items(), ids=READ)
def test_programs_get_what_the_app_said(
    system: System, person: Person, output: str, read: Callable[[str], Any]
) -> None:
    system.scale_set(name=f"read-{output}", **SMALL)
    said = read(person.says("sets", "-o", output).out)
    assert f"read-{output}" in {line["name"] for line in said}
    assert all("provisioningState" in line for line in said)


def test_a_start_shows_no_address_with_a_key_in_it(system: System, person: Person) -> None:
    system.scale_set(name="hidden", **SMALL)
    done = person.says("start", "hidden", NEW, "--id", "hidden-1", "-o", "json")
    assert json.loads(done.out)["id"] == "hidden-1"
    assert "statusQueryGetUri" not in done.out
    system.finish("hidden-1")


def test_the_end_is_for_programs_and_the_way_there_for_people(
    system: System, person: Person
) -> None:
    system.scale_set(name="piped", **SMALL)
    done = person.says("start", "piped", NEW, "--wait", "-o", "json")
    assert json.loads(done.out)["phase"] == "Succeeded"
    assert "Progressing" in done.err


def test_events_are_followed_to_the_end(system: System, person: Person) -> None:
    system.scale_set(name="told", **SMALL)
    person.says("start", "told", NEW, "--id", "told-1")
    lines = person.says("events", "told-1", "-f", "-o", "jsonl").lines
    assert [json.loads(line)["kind"] for line in lines] == [
        event["kind"] for event in system.events("told-1")
    ]


def test_a_wait_that_goes_on_is_one_line_that_says_how_often(
    system: System, person: Person
) -> None:
    system.scale_set(name="slow", **SMALL)
    person.says("start", "slow", NEW, "--id", "slow-1")
    system.until("slow-1", lambda view: view["counts"]["inProgress"] > 0)
    system.fault("throttle", count=6, retryAfter=120)
    system.finish("slow-1")
    for said in (person.says("events", "slow-1").out, person.says("events", "slow-1", "-f").out):
        assert re.search(r"Trying again in \d+ min\s+\(\d+ times,\s+until \d\d:\d\d:\d\dZ\)", said)


def test_a_version_of_a_gallery_image_is_enough(system: System, person: Person) -> None:
    gallery = {"gallery": "golden", "image": "web"}
    first = system.publish(**gallery, version="1.0.0")
    system.publish(**gallery, version="1.0.1")
    system.scale_set(name="gal", image={"id": first}, **SMALL)
    plan = json.loads(person.says("plan", "gal", "1.0.1", "-o", "json").out)
    assert plan["image"]["to"]["id"].endswith("/versions/1.0.1")
    missed = person.says("plan", "gal", "1.0.11")
    assert missed.code == 2
    assert "Did you mean 1.0.1" in missed.err


def test_keys_are_verbs_while_it_is_watched(system: System, person: Person) -> None:
    system.scale_set(name="keyed", capacity=10)
    person.says("start", "keyed", NEW, "--id", "keyed-1")
    person.live = person.at_keyboard = True
    person.pressed, person.answers = ["", "", "z", "p", "e", "b"], ["lunch", "wrong image"]
    person.width = 120
    done = person.says("watch", "keyed-1")
    assert done.code == 3
    assert "[p] pause" in done.out
    assert "Pause requested by ann (lunch)" in done.out
    assert "Rollback requested by ann (wrong image)" in done.out
    kinds = [event["kind"] for event in system.events("keyed-1")]
    assert {"pauseRequested", "rollbackRequested"} <= set(kinds)


@pytest.mark.parametrize("pressed", ["q", "^C"])
def test_who_leaves_reads_how_to_come_back(system: System, person: Person, pressed: str) -> None:
    name = f"left-{'q' if pressed == 'q' else 'c'}"
    system.scale_set(name=name, **SMALL)
    person.says("start", name, NEW, "--id", f"{name}-1")
    person.live = person.at_keyboard = True
    person.pressed = ["", pressed]
    done = person.says("watch", name)
    assert done.code == 130
    assert done.err.splitlines() == [
        f"You have left; {name}-1 goes on in the app.",
        f"Come back: vmss-rollout watch {name}-1",
    ]
    assert system.finish(f"{name}-1")["phase"] == "Succeeded"


def test_old_and_new_are_versions_of_the_same_image(system: System, person: Person) -> None:
    system.scale_set(name="urn", **SMALL)
    urn = ":".join([*PLATFORM.values(), NEW])
    plan = json.loads(person.says("plan", "urn", urn, "-o", "json").out)
    assert (plan["image"]["from"]["version"], plan["image"]["to"]["version"]) == (OLD, NEW)


def test_the_name_of_a_scale_set_means_the_rollout_that_goes_on(
    system: System, person: Person
) -> None:
    system.scale_set(name="again", **SMALL)
    assert person.says("start", "again", NEW, "--id", "again-1", "--wait").code == 0
    assert person.says("start", "again", OLD, "--id", "again-2", "--wait").code == 0
    assert json.loads(person.says("show", "again", "-o", "json").out)["id"] == "again-2"
    assert person.says("rollback", "again-2").code == 0
    assert person.says("watch", "again").code == 3
    assert person.says("rollback", "again-1").code == 0
    system.host.wait_idle()
    assert json.loads(person.says("show", "again", "-o", "json").out)["id"] == "again-1"
    system.finish("again-1")
