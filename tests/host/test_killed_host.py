"""`python -m local.host`, killed without warning and started again: nothing lost, nothing twice."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from background import as_background_job
from running_host import APPS

from local.base.clock import ManualClock
from local.host.replay.history import COMPLETIONS, Event, EventType, task_of
from local.host.store.database import Database
from local.host.store.store import Store

SCHEDULING = {EventType.TASK_SCHEDULED, EventType.TIMER_CREATED, EventType.CHILD_CREATED}
KILLS = 4
WORKERS = [f"w{number}" for number in range(4)]
WORK = {"parts": 4, "count": 15, "minutes": 1}


@dataclass(frozen=True)
class Found:
    """What a state directory holds after all work: outputs, broken rules, rows of open work."""

    outputs: list[str | None]
    broken: list[str]
    open_rows: int


class Process:
    """The host as a process of its own; it tells its pid and address in one line."""

    def __init__(self, state: Path, *more: str) -> None:
        command = [sys.executable, "-m", "local.host", "--port", "0", "--speed", "3600"]
        command += ["--state", str(state), "--app", str(APPS / "rules"), *more]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()

    @property
    def web(self) -> httpx.Client:
        address = re.search(r"http://\S+", self.line)
        assert address is not None
        return httpx.Client(base_url=f"{address[0]}/runtime/webhooks/durabletask", timeout=20)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)


def start_work(web: httpx.Client) -> None:
    for name in WORKERS:
        web.post(f"/orchestrators/polls_in_parts/{name}", json=WORK)


def let_pass(web: httpx.Client, seconds: float) -> None:
    """Wait by starting something that takes longer, for so many real seconds."""
    query = f"timeout={seconds}&pollingInterval={seconds}"
    endless = web.post(f"/orchestrators/waits?{query}").json()["id"]
    web.post(f"/instances/{endless}/terminate")


def let_finish(web: httpx.Client) -> None:
    while any(web.get(f"/instances/{name}").status_code == 202 for name in WORKERS):
        let_pass(web, 0.2)


def broken_rules(history: list[Event]) -> list[str]:
    """Each id scheduled once; each completion once, and after its scheduling."""
    broken: list[str] = []
    scheduled: set[int] = set()
    completed: Counter[int] = Counter()
    for event in history:
        if event["EventType"] in SCHEDULING:
            broken += [f"{event['EventId']} twice"] * (event["EventId"] in scheduled)
            scheduled.add(event["EventId"])
        elif event["EventType"] in COMPLETIONS:
            completed[task_of(event)] += 1
            broken += [f"{task_of(event)} early"] * (task_of(event) not in scheduled)
    return broken + [
        f"{task} completed {count} times" for task, count in completed.items() if count > 1
    ]


def found(state: Path) -> Found:
    db = Database(state, ManualClock())
    store = Store(db)
    everything = store.instances()
    result = Found(
        outputs=[each.output for each in everything if each.id in WORKERS],
        broken=[rule for each in everything for rule in broken_rules(store.history(each.id))],
        open_rows=sum(store.open_work().values()),
    )
    db.close()
    return result


def test_a_host_that_is_killed_again_and_again_finishes_its_work(
    tmp_path: Path, processes: list[Process]
) -> None:
    processes.append(Process(tmp_path))
    with processes[-1].web as web:
        start_work(web)
    for kill in range(KILLS):
        with processes[-1].web as web:
            let_pass(web, 0.1 + kill / 10)
        processes[-1].end(signal.SIGKILL)
        processes.append(Process(tmp_path))
    with processes[-1].web as web:
        let_finish(web)
    processes[-1].end(signal.SIGTERM)
    outcome = found(tmp_path)
    assert outcome == Found(outputs=['"seen"'] * len(WORKERS), broken=[], open_rows=0)


def test_a_host_that_is_as_in_azure_does_its_work_later(
    tmp_path: Path, processes: list[Process]
) -> None:
    processes.append(Process(tmp_path, "--as-azure", "1"))
    with processes[0].web as web:
        path = "/orchestrators/polls/it?timeout=15&pollingInterval=15"
        started = web.post(path, json={"count": 2, "minutes": 1})
    assert started.json() == 2
    processes[0].end(signal.SIGTERM)
    db = Database(tmp_path, ManualClock())
    history = Store(db).history("it")
    db.close()
    assert history[0]["Timestamp"] < history[-1]["Timestamp"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_host_that_is_told_to_stop_ends_cleanly(
    tmp_path: Path, processes: list[Process], number: signal.Signals
) -> None:
    with as_background_job():
        processes.append(Process(tmp_path))
    assert processes[0].end(number) == 0


def test_the_host_says_where_it_is_and_which_process(
    tmp_path: Path, processes: list[Process]
) -> None:
    processes.append(Process(tmp_path))
    assert f"(pid {processes[0].process.pid}, " in processes[0].line
    assert os.getpid() != processes[0].process.pid


def test_an_app_that_cannot_be_loaded_is_told_with_its_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local.host", "--state", str(tmp_path)]
    command += ["--app", str(APPS / "broken"), "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "ModuleNotFoundError" in ended.stderr
    assert "The local host did not start: the app in" in ended.stderr
