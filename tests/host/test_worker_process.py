"""The app in a process of its own: what crosses the pipe, and what its death costs."""

import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from azure.functions.meta import Datum
from running_host import APPS, Running

from local.base.clock import ManualClock
from local.host.app import (
    ACTIVITY,
    App,
    AppError,
    Load,
    Worker,
    WorkerDied,
)
from local.host.app.app_process import AppProcess, Kill
from local.host.app.messages import Moment
from local.host.host import Host

KILLED = re.escape("python exited with code 137 (0x89)")
LOOKS = 20_000


@pytest.fixture
def exits() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class Started:
    """The app, and a worker that calls its activities by name with JSON."""

    def __init__(self, exits: ExitStack, load: Load) -> None:
        self.app = load(APPS / "mortal")
        exits.callback(self.app.close)
        self.worker = Worker('{"client": 1}', self.app.runner)
        exits.callback(self.worker.stop)

    def call(self, name: str, payload: str = "null") -> Future[Datum | None]:
        function = self.app.catalog.find(ACTIVITY, name)
        assert function is not None
        return self.worker.call(function, Datum(payload, "string"))

    def answer(self, name: str, payload: str = "null") -> Any:
        value = self.call(name, payload).result(timeout=30)
        return value and value.value


@pytest.fixture
def started(exits: ExitStack) -> Started:
    return Started(exits, AppProcess)


@pytest.fixture
def run_mortal(exits: ExitStack, tmp_path: Path) -> Callable[..., Running]:
    """Starts a host on the mortal app, which runs in a process that may be told to die."""

    def start(kill: Kill | None = None) -> Running:
        load = partial(AppProcess, kill=kill) if kill else AppProcess
        clock = ManualClock()
        host = Host(APPS / "mortal", tmp_path, clock, skip=True, load=load)
        running = Running(exits.enter_context(host), clock)
        exits.callback(running.web.close)
        return running

    return start


def once(name: str, moment: Moment) -> Kill:
    """Die in the first invocation of that function."""
    left = [moment]
    return lambda function: left.pop() if function.called == name and left else None


def there(path: Path) -> bool:
    return any(path.exists() for _ in range(LOOKS * 50))


def test_both_ways_of_running_an_app_find_the_same_functions(exits: ExitStack) -> None:
    def shown(load: Load) -> list[tuple[str, str, str, tuple[str, ...]]]:
        functions = Started(exits, load).app.catalog.all
        return [(each.name, each.trigger, each.parameter, each.clients) for each in functions]

    assert shown(AppProcess) == shown(App)


def test_the_functions_run_in_another_process_and_always_the_same(started: Started) -> None:
    pids = {started.answer("pid") for _ in range(3)}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


def test_the_process_of_the_host_imports_nothing_of_the_app(
    exits: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever app another test of the worker has imported."""
    monkeypatch.delitem(sys.modules, "function_app", raising=False)
    assert Started(exits, AppProcess).answer("pid")
    assert "function_app" not in sys.modules
    assert Path.cwd() != APPS / "mortal"


def test_an_exception_crosses_with_its_name_its_text_and_its_traceback(started: Started) -> None:
    with pytest.raises(Exception, match="no luck") as raised:
        started.answer("fails")
    assert raised.type.__name__ == "OutOfLuckError"
    assert str(raised.value) == "no luck, and a 'quote'"
    assert "in fails\n" in raised.value.__notes__[0]


def test_what_the_app_logs_is_logged_by_the_host(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    started.answer("says", '"hello"')
    (record,) = [each for each in caplog.records if each.name == "mortal"]
    assert (record.levelno, record.getMessage()) == (logging.WARNING, "said: hello")
    assert (vars(record)["rolloutId"], vars(record)["why"]) == ("r1", "x")


@pytest.mark.parametrize(("number", "code"), [(-9, "137 (0x89)"), (-15, "143 (0x8F)"), (3, "3 ")])
def test_an_invocation_whose_process_ends_is_told_with_the_exit_code(
    started: Started, number: int, code: str
) -> None:
    with pytest.raises(WorkerDied, match=re.escape(f"exited with code {code}")):
        started.answer("ends", str(number))


def test_everything_under_way_is_lost_with_the_process(started: Started, tmp_path: Path) -> None:
    hanging = [started.call("note_and_hang", f'"{tmp_path}/{name}"') for name in "ab"]
    assert there(tmp_path / "a")
    assert there(tmp_path / "b")
    started.call("ends", "-9")
    for each in hanging:
        with pytest.raises(WorkerDied, match=KILLED):
            each.result(timeout=30)


def test_the_next_invocation_runs_in_a_new_process(started: Started) -> None:
    before = started.answer("pid")
    with pytest.raises(WorkerDied):
        started.answer("ends", "-9")
    assert started.answer("pid") != before


def test_what_comes_while_it_dies_is_lost_or_runs_and_what_comes_after_runs(
    started: Started,
) -> None:
    pid = int(started.answer("pid"))
    os.kill(pid, signal.SIGKILL)
    with suppress(WorkerDied):
        assert started.answer("pid") != str(pid)
    assert started.answer("pid") != str(pid)


@pytest.mark.parametrize(("moment", "notes"), [(Moment.BEFORE, 1), (Moment.AFTER, 2)])
def test_it_dies_before_the_side_effect_or_after_it(
    exits: ExitStack, tmp_path: Path, moment: Moment, notes: int
) -> None:
    started = Started(exits, partial(AppProcess, kill=once("note", moment)))
    with pytest.raises(WorkerDied, match=KILLED):
        started.answer("note", f'"{tmp_path}/notes"')
    assert started.answer("note", f'"{tmp_path}/notes"') == '"noted"'
    assert (tmp_path / "notes").read_text() == "noted\n" * notes


def test_a_caller_that_no_longer_waits_hears_nothing(started: Started, tmp_path: Path) -> None:
    left = started.call("note_and_hang", f'"{tmp_path}/a"')
    assert there(tmp_path / "a")
    left.cancel()
    with pytest.raises(WorkerDied):
        started.answer("ends", "-9")
    assert left.cancelled()
    assert started.answer("pid")


def test_a_stopped_worker_leaves_no_process(exits: ExitStack, tmp_path: Path) -> None:
    started = Started(exits, AppProcess)
    pid = int(started.answer("pid"))
    hanging = started.call("note_and_hang", f'"{tmp_path}/a"')
    assert there(tmp_path / "a")
    started.worker.stop()
    assert hanging.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(WorkerDied, match="the host has stopped"):
        started.call("pid").result()


@pytest.mark.parametrize(("app", "words"), [("broken", "no_such_module"), ("nowhere", "there is")])
def test_an_app_that_cannot_be_loaded_is_told_as_in_one_process(app: str, words: str) -> None:
    with pytest.raises(AppError, match=words) as raised:
        AppProcess(APPS / app)
    assert raised.value.__cause__ is not None


def test_an_app_that_cannot_be_loaded_again_is_told_and_works_once_it_can(
    exits: ExitStack, tmp_path: Path
) -> None:
    source = (APPS / "mortal" / "function_app.py").read_text()
    changed = tmp_path / "function_app.py"
    changed.write_text(source)
    started = Started(exits, lambda _: AppProcess(tmp_path))
    changed.write_text("import no_such_module\n")
    with pytest.raises(WorkerDied, match=KILLED):
        started.answer("ends", "-9")
    with pytest.raises(WorkerDied, match=r"code 1 .*no_such_module"):
        started.answer("pid")
    changed.write_text(source)
    assert started.answer("pid")


def test_an_orchestration_an_entity_and_the_client_work_across_the_pipe(
    run_mortal: Callable[..., Running],
) -> None:
    running = run_mortal()
    assert running.run("calls", ["says", "hello"])["output"] == "hello"
    assert running.run("counts", 2, instance="c")["output"] == 2
    assert running.web.post("/api/start/x").status_code == 202
    running.host.wait_idle()
    assert running.status("x")["output"] not in {None, os.getpid()}


def test_an_http_answer_crosses_whole(run_mortal: Callable[..., Running]) -> None:
    answer = run_mortal().web.post("/api/echo", content=b"\x00\xff")
    assert (answer.status_code, answer.content) == (201, b"\x00\xff")
    assert (answer.headers["x-kind"], answer.cookies["a"]) == ("echo", "b")


def test_an_http_call_whose_process_dies_is_answered_and_so_is_the_next(
    run_mortal: Callable[..., Running], caplog: pytest.LogCaptureFixture
) -> None:
    running = run_mortal()
    assert running.web.get("/api/die").status_code == 500
    assert "exited with code 137" in caplog.text
    assert running.web.get("/api/pid").status_code == 200


@pytest.mark.parametrize("moment", Moment)
def test_an_activity_whose_process_dies_has_failed_and_is_not_run_again(
    run_mortal: Callable[..., Running], tmp_path: Path, moment: Moment
) -> None:
    running = run_mortal(once("note", moment))
    notes = tmp_path / "notes"
    ended = running.run("calls", ["note", str(notes)])
    assert ended["runtimeStatus"] == "Failed"
    assert "exited with code 137 (0x89)" in ended["output"]
    assert notes.exists() == (moment is Moment.AFTER)


def test_an_orchestrator_may_call_an_activity_again_whose_process_died(
    run_mortal: Callable[..., Running],
) -> None:
    running = run_mortal(once("says", Moment.BEFORE))
    assert running.run("calls_twice", ["says", "yes"])["output"] == ["again", "yes"]


def test_a_host_that_is_killed_takes_its_process_along() -> None:
    script = f"""
import signal, sys
from pathlib import Path
from local.host.app.app_process import AppProcess
print(AppProcess(Path({str(APPS / "mortal")!r})).pid, flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as host:
        assert host.stdout is not None
        assert int(host.stdout.readline()) != host.pid
        host.kill()
        assert host.stdout.read() == b""  # which ends when nobody holds its other end any more
