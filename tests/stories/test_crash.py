"""The host is killed with SIGKILL in the middle of a rollout, started again, and finishes it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from story import NEW, OLD, PLATFORM

ROOT = Path(__file__).parents[2]
SPEED = "120"
LOOKS = 4_000
BETWEEN_LOOKS = 0.05  # real seconds: a look right after the other is half of the work


class Process:
    """One of our servers in a process of its own."""

    def __init__(self, module: str, *arguments: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", "0", "--speed", SPEED, *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", self._process.stdout.readline())
        assert found, f"{module} did not say where it is"
        self.url = found[0]
        self.api = httpx.Client(base_url=self.url, timeout=30)

    def lives(self) -> None:
        """Let it work for a moment."""
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(BETWEEN_LOOKS)
            raise AssertionError(f"it ended by itself, with {code}")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._ended()

    def stop(self) -> None:
        self._process.terminate()
        self._ended()

    def _ended(self) -> None:
        self.api.close()
        assert self._process.stdout is not None
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Run:
    """A simulated Azure that lives on, and a host that is killed and started again."""

    def __init__(self, exits: ExitStack, state: Path) -> None:
        arm = Process("local.arm", "--empty", "--state", str(state))
        exits.callback(arm.stop)
        self._arm_url = arm.url
        self.azure = arm.api
        self._state = state
        self._host = self._started()
        exits.callback(self._stop_host)

    def _stop_host(self) -> None:
        self._host.stop()

    def _started(self) -> Process:
        return Process(
            "local.host",
            "--state",
            str(self._state),
            ARM_ENDPOINT=self._arm_url,
            IDENTITY_ENDPOINT=f"{self._arm_url}/msi/token",
            IDENTITY_HEADER="local",
        )

    def kill_and_restart(self) -> None:
        self._host.kill()
        self._host = self._started()

    def get(self, path: str) -> Any:
        return self._host.api.get(path).json()

    def post(self, path: str, body: Any) -> httpx.Response:
        return self._host.api.post(path, json=body)

    def until(self, reached: Callable[[], bool]) -> None:
        for _ in range(LOOKS):
            if reached():
                return
            self._host.lives()
        raise AssertionError("it never came to that")

    def served(self, method: str, path: str = "") -> int:
        requests = self.azure.get("/_sim/requests").json()
        return sum(one["method"] == method and path in one["path"] for one in requests)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with ExitStack() as exits:
        yield Run(exits, tmp_path)


MOMENTS: dict[str, Callable[[Run], bool]] = {
    "while it inspects": lambda run: run.served("GET", "/virtualMachines") >= 1,
    "when the model has just been sent": lambda run: run.served("PATCH") == 1,
    "when the first upgrade has just been sent": lambda run: run.served("POST", "/manualup") == 1,
    "in the middle of the second batch": lambda run: run.get("/api/rollouts/r1")["batch"] == 2,
    "when the third upgrade has just been sent": lambda run: run.served("POST", "/manualup") == 3,
    "in the last batch": lambda run: run.get("/api/rollouts/r1")["batch"] == 5,
}


def _scale_set(run: Run, **spec: Any) -> str:
    """A scale set, and an image to move it to."""
    scale_set = run.azure.post("/_sim/scale-sets", json={"name": "web"} | spec).json()["id"]
    run.azure.post("/_sim/images", json={**PLATFORM, "version": NEW})
    return scale_set


def test_a_killed_host_finishes_its_rollout_and_does_nothing_twice(run: Run) -> None:
    scale_set = _scale_set(run)
    request = {"id": "r1", "scaleSet": scale_set, "image": {"version": NEW}}
    assert run.post("/api/rollouts", request).status_code == 202
    for moment in MOMENTS.values():
        run.until(lambda moment=moment: moment(run))
        run.kill_and_restart()
    run.until(lambda: run.get("/api/rollouts/r1")["finishedAt"] is not None)
    truth = run.azure.get("/_sim/scale-sets/demo/web").json()
    assert run.get("/api/rollouts/r1")["phase"] == "Succeeded"
    assert [one["upgrades"] for one in truth["instances"]] == [1] * 20
    assert (run.served("PATCH"), run.served("POST", "/manualupgrade")) == (1, 5)
    assert (truth["peakDown"], truth["violations"]) == (4, [])


BACK_MOMENTS: dict[str, Callable[[Run], bool]] = {
    "when the repairs have just been suspended": lambda run: run.served("POST", "/setOrch") == 1,
    "in the middle of the bad batch": lambda run: run.get("/api/rollouts/r1")["batch"] == 1,
    "when the model has just been put back": lambda run: run.served("PATCH") == 2,
    "in the middle of the way back": lambda run: run.served("POST", "/manualup") == 2,
}


@pytest.mark.by_day(0)
def test_a_killed_host_finishes_its_rollback_and_restores_the_repairs(run: Run) -> None:
    scale_set = _scale_set(run, capacity=10, automaticRepairs=True)
    run.azure.post("/_sim/faults", json={"kind": "badImage", "version": NEW})
    policy = {"health": {"timeout": "PT4M"}}
    request = {"id": "r1", "scaleSet": scale_set, "image": {"version": NEW}, "policy": policy}
    assert run.post("/api/rollouts", request).status_code == 202
    for moment in BACK_MOMENTS.values():
        run.until(lambda moment=moment: moment(run))
        run.kill_and_restart()
    run.until(lambda: run.get("/api/rollouts/r1")["finishedAt"] is not None)
    truth = run.azure.get("/_sim/scale-sets/demo/web").json()
    assert run.get("/api/rollouts/r1")["phase"] == "RolledBack"
    assert (run.served("PATCH"), run.served("POST", "/manualupgrade")) == (2, 2)
    assert {one["image"].rpartition(":")[2] for one in truth["instances"]} == {OLD}
    assert (truth["automaticRepairs"], truth["violations"]) == ("Running", [])


FLEET_MOMENTS: dict[str, Callable[[Run], bool]] = {
    "when the first scale set is sent": lambda run: run.served("PATCH", "/one") == 1,
    "in the middle of the first wave": lambda run: run.served("POST", "/two/manualup") >= 1,
    "while the first wave bakes": lambda run: _fleet(run)["counts"]["done"] == 2,
    "in the second wave": lambda run: run.served("POST", "/three/manualup") == 1,
}


def _fleet(run: Run) -> Any:
    return run.get("/api/fleet-rollouts/f1")


@pytest.mark.by_day(0)
def test_a_killed_host_finishes_its_fleet_rollout_and_rolls_nothing_twice(run: Run) -> None:
    small = {"capacity": 2, "updateDomains": 2}
    ids = [_scale_set(run, **small, name=name) for name in ("one", "two", "three")]
    waves = [
        {"name": "first", "scaleSets": ids[:2], "bakeAfter": "PT20M"},
        {"name": "second", "scaleSets": ids[2:]},
    ]
    request = {"id": "f1", "image": {"version": NEW}, "waves": waves}
    assert run.post("/api/fleet-rollouts", request).status_code == 202
    for moment in FLEET_MOMENTS.values():
        run.until(lambda moment=moment: moment(run))
        run.kill_and_restart()
    run.until(lambda: _fleet(run)["finishedAt"] is not None)
    assert _fleet(run)["phase"] == "Succeeded"
    for name in ("one", "two", "three"):
        truth = run.azure.get(f"/_sim/scale-sets/demo/{name}").json()
        assert [one["upgrades"] for one in truth["instances"]] == [1, 1]
        assert (truth["models"], truth["violations"]) == (2, [])
