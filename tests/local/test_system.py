import os
import threading
from pathlib import Path

import httpx
import pytest
from running_host import APPS
from starlette.applications import Starlette

from local.arm.model.spec import ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from local.base.state import StateInUse
from local.system import System


def test_the_app_reads_the_simulated_azure_whoever_is_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.setenv(name, "someone")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    system = System(ManualClock(), tmp_path)
    scale_set = system.azure.add_scale_set(ScaleSetSpec(name="web", capacity=4, update_domains=2))
    with system, httpx.Client(trust_env=False, timeout=30) as http:
        plan = http.post(
            f"{system.api_url}/rollouts/plan",
            json={"scaleSet": scale_set, "image": {"version": "14.04.201506100"}},
        )
        assert plan.status_code == 200, plan.text
        assert plan.json()["total"] == 4
        assert len(system.azure.requests.all()) > 0


def test_gates_may_ask_this_machine_and_what_was_allowed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_OUTBOUND", "10.0.0.0/8")
    system = System(ManualClock(), tmp_path)
    scale_set = system.azure.add_scale_set(ScaleSetSpec(name="web", capacity=4, update_domains=2))
    with system, httpx.Client(trust_env=False, timeout=30) as http:
        checks = f"{system.arm_url.replace('127.0.0.1', 'localhost')}/_sim/received/checks"
        check = {"kind": "http", "url": checks, "method": "POST"}
        gates = [{"name": "checks", "place": "end", "check": check}]
        image = {"version": "14.04.201506100"}
        body = {"scaleSet": scale_set, "image": image, "policy": {"gates": gates}}
        plan = http.post(f"{system.api_url}/rollouts/plan", json=body).json()
        assert [gate["verdict"] for gate in plan["gates"]] == ["pass"], plan
        assert "10.0.0.0/8" in os.environ["ROLLOUT_OUTBOUND"].split(",")


def test_nothing_is_left_after_the_end(tmp_path: Path) -> None:
    threads, environment, directory = _threads(), dict(os.environ), Path.cwd()
    with System(ManualClock(), tmp_path) as system:
        assert httpx.get(f"{system.api_url}/rollouts", trust_env=False).json() == []
    assert _threads() == threads
    assert dict(os.environ) == environment
    assert Path.cwd() == directory
    for url in (system.api_url, system.arm_url):
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, trust_env=False)


def test_a_start_that_fails_leaves_nothing(tmp_path: Path) -> None:
    threads, environment = _threads(), dict(os.environ)
    with Server(Starlette()) as taken, pytest.raises(OSError, match=f"port {taken.port} on"):
        System(ManualClock(), tmp_path, port=taken.port).start()
    assert _threads() == threads
    assert dict(os.environ) == environment


def test_an_app_that_does_not_care_for_images_is_not_told(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path, app=APPS / "web") as system:
        assert system.azure.event_grid.subscriptions == []


def test_two_systems_cannot_have_the_same_state(tmp_path: Path) -> None:
    with System(ManualClock(), tmp_path), pytest.raises(StateInUse, match=str(tmp_path)):
        System(ManualClock(), tmp_path).start()


def _threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}
