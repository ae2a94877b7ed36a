"""What is in the local host as it is in Azure, in every mode."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from running_host import APPS, RunHost, Running

from local.base.clock import ManualClock
from local.host.engine.deaths import Death, Moment
from local.host.engine.versions import VersionRule


def done() -> list[Any]:
    return sys.modules["function_app"].done


def advance(running: Running, **by: float) -> None:
    assert isinstance(running.clock, ManualClock)
    running.clock.advance(timedelta(**by))
    running.host.wait_idle()


def test_a_second_start_of_a_live_instance_is_refused(chances: Running) -> None:
    assert chances.run("waits")["runtimeStatus"] == "Running"
    assert chances.start("waits", "it").status_code >= 400


def test_a_child_replaces_a_running_instance_of_its_id(
    chances: Running, caplog: pytest.LogCaptureFixture
) -> None:
    chances.run("parent", {"name": "waits", "id": "taken"}, "old")
    status = chances.run("parent", {"name": "does", "input": [1], "id": "taken"}, "new")
    assert status["output"] == {"child": [1]}
    chances.send("go", 1, "taken")
    advance(chances, days=1)
    assert chances.status("old")["runtimeStatus"] == "Running"
    assert "with the id of a running instance, taken" in caplog.text
    assert "old waits for ever" in caplog.text


def test_a_child_cannot_have_its_parents_own_id(chances: Running) -> None:
    status = chances.run("parent", {"name": "waits", "id": "it"})
    assert "cannot have the id of its parent" in status["output"]["failed"]


@pytest.mark.parametrize(("moment", "times"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
def test_an_activity_whose_worker_dies_has_failed_and_is_not_run_again(
    chances: Running, moment: Moment, times: int
) -> None:
    chances.host.deaths.plan(Death("do", nth=2, moment=moment))
    output = chances.run("does", ["a", "b", "c"])["output"]
    assert output[::2] == ["a", "c"]
    assert output[1].startswith("Activity function 'do' failed:  python exited with code 137")
    assert done().count("b") == times


def test_an_activity_that_dies_with_its_host_is_run_again_after_a_while(chances: Running) -> None:
    again = timedelta(minutes=5)
    chances.host.deaths.plan(Death("do", nth=2, moment=Moment.UNHEARD, again=again))
    before = chances.clock.now()
    output = chances.run("does", ["a", "b", "c"])["output"]
    assert output == ["a", "b", "c"]
    assert done().count("b") == 2
    assert chances.clock.now() - before >= again


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_an_orchestration_whose_worker_dies_in_a_turn_has_failed(
    chances: Running, turn: int
) -> None:
    chances.host.deaths.plan(Death("does", "child", turn))
    status = chances.run("parent", {"name": "does", "input": ["a", "b"], "id": "child"})
    failed = "137" if turn == 1 else "Non-Deterministic workflow detected"
    assert failed in status["output"]["failed"]
    assert chances.status("child")["runtimeStatus"] == "Failed"
    assert failed in chances.status("child")["output"]
    assert len(done()) == turn - 1


@pytest.mark.parametrize("moment", Moment)
def test_an_entity_whose_worker_dies_is_asked_again_and_counts_once(
    chances: Running, moment: Moment
) -> None:
    chances.host.deaths.plan(Death("tally", moment=moment))
    assert chances.run("asks")["output"] == 1


def test_an_entity_that_raises_as_a_whole_is_asked_again_and_again(
    chances: Running, caplog: pytest.LogCaptureFixture
) -> None:
    broken = sys.modules["function_app"].broken
    broken.add("poisoned")
    chances.call("POST", "entities/poisoned/it?op=any", json=1)
    chances.host.wait_idle()
    for _ in range(5):
        advance(chances, minutes=5)
    assert done() == ["asked"] * 6
    assert "raised as a whole, 6 times" in caplog.text
    broken.clear()
    advance(chances, minutes=5)
    assert chances.call("GET", "entities/poisoned/it").json() == "healed"


def test_time_is_not_skipped_for_an_entity_that_is_poisoned(run_host: RunHost) -> None:
    running = run_host("chances")
    sys.modules["function_app"].broken.add("poisoned")
    before = running.clock.now()
    running.call("POST", "entities/poisoned/it?op=any", json=1)
    running.host.wait_idle()
    assert running.clock.now() == before


def test_a_child_is_not_there_before_its_first_turn(chances: Running) -> None:
    """This one never takes it: no app of that version comes."""
    chances.run("parent", {"name": "waits", "id": "child", "version": "3"})
    assert chances.host.store.instance("child") is None
    assert [one.id for one in chances.host.store.instances()] == ["it"]
    assert chances.call("GET", "instances/child").status_code == 404
    assert chances.send("go", 1, "child") == 404


def test_details_of_a_failure_are_kilobytes_and_the_reason_is_one_line(chances: Running) -> None:
    chances.start("parent", "it", {"name": "fails_with", "input": {"message": "no luck"}})
    chances.host.wait_idle()
    advance(chances, seconds=1)
    assert chances.status("it")["output"] == {
        "failed": "Orchestrator function 'fails_with' failed: no luck "
    }
    failed = next(one for one in chances.host.store.history("it") if "Details" in one)
    assert len(failed["Details"]) > 500


def test_a_terminated_instance_ends_and_its_child_goes_on(chances: Running) -> None:
    chances.run("parent", {"name": "waits", "id": "child"})
    chances.do("terminate")
    chances.host.wait_idle()
    assert chances.status("it")["runtimeStatus"] == "Terminated"
    assert chances.status("child")["runtimeStatus"] == "Running"


def test_a_suspended_instance_can_be_terminated(chances: Running) -> None:
    chances.run("waits")
    chances.do("suspend")
    chances.do("terminate")
    chances.host.wait_idle()
    assert chances.status("it")["runtimeStatus"] == "Terminated"


@pytest.mark.parametrize(
    "text",
    ["password=hunter2", "see https://x/?sv=1&sig=hunter2", "'AccountKey=hunter2' and more"],
)
def test_what_looks_like_a_credential_is_cut_out_of_a_failure(chances: Running, text: str) -> None:
    """Up to the next quote: so the state that travels behind it may be no state any more."""
    chances.run("fails_with", {"message": text})
    advance(chances, seconds=1)
    status = chances.status("it")
    assert status["runtimeStatus"] == "Failed"
    assert "[Hidden Credential]" in status["output"]
    assert "hunter2" not in status["output"]


def test_what_is_no_credential_stays(chances: Running) -> None:
    chances.run("fails_with", {"message": "PublicKeyToken=1"})
    advance(chances, seconds=1)
    expected = "Orchestrator function 'fails_with' failed: PublicKeyToken=1"
    assert chances.status("it")["output"] == expected


def test_continuing_as_new_in_an_events_own_turn_fails(chances: Running) -> None:
    chances.run("starts_over", {"left": 2, "safely": False})
    chances.send("go", 1)
    chances.host.wait_idle()
    status = chances.status("it")
    assert status["runtimeStatus"] == "Failed"
    assert "an endless loop" in status["output"]
    assert "a timer of no length before continue_as_new" in status["output"]


def test_continuing_as_new_after_a_timer_is_fine(chances: Running) -> None:
    chances.run("starts_over", {"left": 2, "safely": True})
    for _ in range(2):
        chances.send("go", 1)
        chances.host.wait_idle()
    assert chances.status("it")["output"] == "done"


@pytest.mark.parametrize(("days", "fires"), [(5, 1), (7, 2), (20, 6)])
def test_a_timer_of_more_than_six_days_is_a_chain(run_host: RunHost, days: int, fires: int) -> None:
    running = run_host("chances")
    status = running.run("waits_long", days)
    assert status["output"] == f"{1 + days:02} 00:00"
    history = running.host.store.history("it")
    assert sum("TimerId" in event for event in history) == fires


@pytest.mark.parametrize(
    ("app", "instance"),
    [
        ("2", "2"), ("2", "1"), ("2", None), (None, None), ("9", "10"), ("10.0", "9.0"),
        ("1.0.0", "1.0"), ("b", "A"),
    ],
)  # fmt: skip
def test_an_app_runs_what_is_as_old_or_older(app: str | None, instance: str | None) -> None:
    assert VersionRule(app).fits(instance)


@pytest.mark.parametrize(
    ("app", "instance"),
    [("2", "3"), (None, "1"), ("10", "9"), ("9.0", "10.0"), ("1.0", "1.0.0"), ("A", "b")],
)
def test_an_app_does_not_run_what_is_newer(app: str | None, instance: str) -> None:
    assert not VersionRule(app).fits(instance)


@pytest.mark.parametrize("match", ["None", "none"])
def test_an_app_can_run_whatever_there_is(match: str) -> None:
    assert VersionRule("1", match).fits("2")


def test_an_app_can_run_its_own_version_only() -> None:
    rule = VersionRule("2", "Strict")
    assert [rule.fits(version) for version in ("1", "2", "3", None)] == [False, True, False, False]


def test_an_instance_and_its_children_have_the_apps_version(chances: Running) -> None:
    chances.run("parent", {"name": "versioned", "id": "child"})
    chances.run("parent", {"name": "versioned", "id": "older", "version": "1"}, "other")
    for child in ("child", "older"):
        chances.send("go", 1, child)
    chances.host.wait_idle()
    assert chances.status("it")["output"] == {"child": "2"}
    assert chances.status("other")["output"] == {"child": "1"}


def test_a_newer_instance_stands_still_until_a_newer_app_comes(
    run_host: RunHost, tmp_path: Path
) -> None:
    newer = run_host("chances", skip=False)
    newer.run("versioned")
    newer.host.stop()
    older = run_host(str(app_of_version(tmp_path, "1")), skip=False)
    older.send("go", 1)
    older.host.wait_idle()
    assert older.status("it")["runtimeStatus"] == "Running"
    older.do("terminate")
    older.host.wait_idle()
    assert older.status("it")["runtimeStatus"] == "Running"
    older.host.stop()
    again = run_host("chances", skip=False)
    again.host.wait_idle()
    assert again.status("it")["runtimeStatus"] in {"Completed", "Terminated"}


def test_a_newer_instance_fails_where_the_app_says_so(run_host: RunHost, tmp_path: Path) -> None:
    newer = run_host("chances", skip=False)
    newer.run("versioned")
    newer.host.stop()
    older = run_host(str(app_of_version(tmp_path, "1", versionFailureStrategy="Fail")), skip=False)
    older.send("go", 1)
    older.host.wait_idle()
    status = older.status("it")
    assert status["runtimeStatus"] == "Failed"
    assert "did not comply with Worker Versioning" in status["output"]


def app_of_version(directory: Path, version: str, **more: str) -> Path:
    """The app, as it was released before."""
    app = directory / "app"
    app.mkdir()
    source = (APPS / "chances" / "function_app.py").read_text(encoding="utf-8")
    (app / "function_app.py").write_text(source, encoding="utf-8")
    settings = {"extensions": {"durableTask": {"defaultVersion": version, **more}}}
    (app / "host.json").write_text(json.dumps(settings), encoding="utf-8")
    return app
