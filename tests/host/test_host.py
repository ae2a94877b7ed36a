"""The host itself: starting and stopping, state directories, clocks, several apps in a process."""

import importlib.metadata
import sqlite3
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running_host import APPS, RunHost

from local.base.clock import ManualClock
from local.base.state import StateInUse, StateUnreadable
from local.host.app.app import AppError
from local.host.host import Host
from local.host.http.routes import RouteError
from local.host.store.database import resume_clock


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("azure-functions-durable", "1.7.0"),
        ("azure-functions", "2.3.0"),
        ("azure-functions-runtime", "1.3.0"),
    ],
)
def test_the_internals_reached_into_are_those_of_the_pinned_versions(
    package: str, version: str
) -> None:
    assert importlib.metadata.version(package) == version


def test_a_host_goes_on_where_the_last_one_stopped(run_host: RunHost) -> None:
    first = run_host(skip=False)
    first.run("waits_at_most_an_hour")
    first.host.stop()
    second = run_host(skip=False, clock=ManualClock(first.clock.now()))
    second.send("go", "again")
    second.host.wait_idle()
    assert second.status("it")["output"] == "again"


def test_a_suspended_instance_stays_suspended_over_a_restart(run_host: RunHost) -> None:
    first = run_host()
    first.run("waits")
    first.do("suspend")
    first.send("go", "kept")
    first.host.stop()
    second = run_host()
    second.host.wait_idle()
    assert second.status("it")["runtimeStatus"] == "Suspended"
    second.do("resume")
    second.host.wait_idle()
    assert second.status("it")["output"] == "kept"


def test_a_state_directory_belongs_to_one_host(run_host: RunHost) -> None:
    run_host()
    with pytest.raises(StateInUse, match="in use"):
        run_host()


def test_a_database_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "host.db").write_bytes(b"no database, but long enough to be taken for one" * 100)
    with pytest.raises(StateUnreadable, match="Move it away"):
        resume_clock(tmp_path, 1)


def test_a_host_whose_disk_is_full_does_not_go_on_answering(run_host: RunHost) -> None:
    running = run_host(skip=False)
    with running.host.paused():
        running.start("doubles", "it", 1)
        database = running.host.store._db  # pyright: ignore[reportPrivateUsage]
        database.write("PRAGMA query_only = ON")
    assert isinstance(running.host.serve_until(threading.Event()), sqlite3.OperationalError)


def test_a_host_that_is_stopped_has_not_broken(run_host: RunHost) -> None:
    stopped = threading.Event()
    stopped.set()
    assert run_host().host.serve_until(stopped) is None


def test_two_apps_run_in_one_process_with_modules_of_one_name(run_host: RunHost) -> None:
    web_app = run_host("web", state="a")
    assert web_app.web.get("/api/greeting").text == "hello from web, you"
    web_app.host.stop()
    other = run_host("other", state="b")
    assert other.web.get("/api/greeting").text == "hello from other by GET"


def test_two_hosts_run_at_once(run_host: RunHost) -> None:
    one, two = run_host(state="a"), run_host(state="b")
    assert (one.run("doubles", 1)["output"], two.run("doubles", 2)["output"]) == (2, 4)


def test_an_app_is_loaded_afresh_each_time(run_host: RunHost) -> None:
    for name in ("a", "b"):
        running = run_host("web", state=name)
        assert running.web.get("/api/delivered").json() == []
        running.host.stop()


def test_a_stopped_host_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before = (Path.cwd(), list(sys.path))
    with Host(APPS / "web", tmp_path, ManualClock()):
        assert "greeting" in sys.modules
    assert (Path.cwd(), sys.path) == before
    assert "greeting" not in sys.modules


@pytest.mark.parametrize(
    ("app", "error", "words"),
    [
        ("broken", AppError, "no_such_module"),
        ("reserved", RouteError, "runtime/mine"),
        ("nowhere", ValueError, "no host.json"),
    ],
)
def test_an_app_azure_would_not_run_is_refused(
    run_host: RunHost, app: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run_host(app)


def test_local_settings_and_the_route_prefix_are_obeyed(tmp_path: Path, run_host: RunHost) -> None:
    app = tmp_path / "app"
    app.mkdir()
    source = (APPS / "web" / "function_app.py").read_text(encoding="utf-8")
    (app / "function_app.py").write_text(source, encoding="utf-8")
    (app / "greeting.py").write_bytes((APPS / "web" / "greeting.py").read_bytes())
    (app / "host.json").write_text('{"extensions": {"http": {"routePrefix": ""}}}')
    (app / "local.settings.json").write_text('{"Values": {"MY_SETTING": "mine"}}')
    assert run_host(str(app)).web.get("/setting?name=MY_SETTING").text == "mine"


def test_a_resumed_clock_never_steps_back(tmp_path: Path) -> None:
    far = datetime(2100, 1, 1, tzinfo=UTC)
    Host(APPS / "rules", tmp_path, ManualClock(far)).start().stop()
    assert timedelta(0) <= resume_clock(tmp_path, 1).now() - far < timedelta(minutes=1)


def test_a_fresh_clock_starts_now(tmp_path: Path) -> None:
    assert resume_clock(tmp_path, 1).now() > datetime(2026, 1, 1, tzinfo=UTC)


def test_a_scaled_clock_fires_timers_by_itself(tmp_path: Path, run_host: RunHost) -> None:
    running = run_host(skip=False, clock=resume_clock(tmp_path, 36_000))
    path = "orchestrators/polls?timeout=10&pollingInterval=1"
    answer = running.call("POST", path, json={"count": 2, "minutes": 60})
    assert (answer.status_code, answer.json()) == (200, 2)
