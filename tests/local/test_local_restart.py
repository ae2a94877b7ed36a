"""A restart is a restart: killed at any moment, the local system goes on where it was."""

import signal
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from local_process import Local, free_ports, run

from local.__main__ import main
from local.arm.example import NEWER_UBUNTU
from local.arm.images.published import GalleryVersion, PlatformImage
from local.arm.model.fault import BadImage
from local.arm.model.spec import UBUNTU, ScaleSetSpec
from local.arm.store import Store
from local.base.clock import ScaledClock

SPEED = "120"
SECONDS = 60


@pytest.fixture
def http() -> Generator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield client


def until(read: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
    """What is read when it fits; looks again and again, for a minute at most."""
    end, seen = time.monotonic() + SECONDS, read()
    while not fits(seen):
        assert time.monotonic() < end, f"never: {seen}"
        threading.Event().wait(0.1)
        seen = read()
    return seen


def start(local: Local, http: httpx.Client, rollout_id: str, policy: dict[str, Any]) -> None:
    """A rollout of web."""
    truth = http.get(f"{local.azure}/_sim/scale-sets/demo/web").json()
    body = {"id": rollout_id, "scaleSet": truth["id"], "image": {"version": NEWER_UBUNTU}}
    answer = http.post(f"{local.api}/rollouts", json=body | {"policy": policy})
    assert answer.status_code == 202, answer.text


def view(local: Local, http: httpx.Client, rollout_id: str) -> Callable[[], Any]:
    return lambda: http.get(f"{local.api}/rollouts/{rollout_id}").json()


def in_the_middle_of(batch: int) -> Callable[[Any], bool]:
    return lambda view: view["batch"] == batch and view["counts"]["inProgress"] > 0


def test_killed_in_the_middle_of_a_batch_a_rollout_succeeds(
    tmp_path: Path, http: httpx.Client
) -> None:
    with Store(tmp_path) as store:
        azure = store.azure(ScaledClock())
        newer = UBUNTU.model_dump(exclude_none=True) | {"version": NEWER_UBUNTU}
        azure.add_image(PlatformImage.model_validate(newer))
        azure.add_scale_set(ScaleSetSpec(name="web", capacity=6, update_domains=3))
    options = ("--state", str(tmp_path), "--speed", SPEED, *free_ports())
    with run(*options) as local:
        assert "rollout goes on" not in local.said
        start(local, http, "cve-1", {"health": {"stable": "PT20S"}})
        until(view(local, http, "cve-1"), in_the_middle_of(2))
        local.process.send_signal(signal.SIGKILL)
        local.process.wait()
    with run(*options) as local:
        assert "1 rollout goes on (cve-1) from where it was." in local.said
        ended = until(view(local, http, "cve-1"), lambda view: view["finishedAt"])
        truth = http.get(f"{local.azure}/_sim/scale-sets/demo/web").json()
    assert ended["phase"] == "Succeeded", ended["message"]
    assert truth["violations"] == []
    assert {each["upgrades"] for each in truth["instances"]} == {1}
    assert {each["image"].rpartition(":")[2] for each in truth["instances"]} == {NEWER_UBUNTU}
    assert truth["peakDown"] == 2


def mine(state: Path) -> None:
    """A state with a scale set, an image and a fault of somebody's own, left there by a kill."""
    with Store(state) as store:
        azure = store.azure(ScaledClock())
        azure.add_scale_set(ScaleSetSpec(name="mine", capacity=3, upgrade_policy="Rolling"))
        azure.add_image(GalleryVersion(gallery="golden", image="web", version="9.9.9"))
        azure.add_fault(BadImage(version="9.9.9"))


def shown(local: Local, http: httpx.Client) -> str:
    """All that is in the simulated Azure, as its page shows it."""
    return http.get(f"{local.azure}/_sim").text


def test_what_was_declared_is_there_again(tmp_path: Path, http: httpx.Client) -> None:
    mine(tmp_path)
    with run("--state", str(tmp_path), *free_ports()) as local:
        seen = shown(local, http)
        assert "virtualMachineScaleSets/mine" in seen
        assert "/versions/9.9.9" in seen
        assert '"badImage"' in seen
        assert "virtualMachineScaleSets/web" not in seen
        names = http.get(f"{local.azure}/_sim/event-subscriptions").json()
        assert [each["name"] for each in names] == ["on-image-published"]


def test_fresh_begins_anew(tmp_path: Path, http: httpx.Client) -> None:
    mine(tmp_path)
    with run("--state", str(tmp_path), "--fresh", *free_ports()) as local:
        seen = shown(local, http)
        assert "virtualMachineScaleSets/mine" not in seen
        assert "virtualMachineScaleSets/web" in seen


def test_two_run_side_by_side_by_their_ports(tmp_path: Path) -> None:
    """Each has a state directory of its own, and the simulated Azure the next port."""
    ports = [free_ports()[1] for _ in range(2)]
    with (
        run("--port", ports[0], cwd=tmp_path) as first,
        run("--port", ports[1], cwd=tmp_path) as second,
    ):
        for local, port in ((first, ports[0]), (second, ports[1])):
            assert local.azure == f"http://127.0.0.1:{int(port) + 1}"
            assert f"kept in .local-{port}:" in local.said
            assert (tmp_path / f".local-{port}" / "azure.db").exists()


@pytest.mark.parametrize("name", ["azure.db", "host.db"])
def test_a_damaged_file_is_one_sentence_and_exit_code_2(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("This is no database. " * 100)
    assert main(["--state", str(tmp_path), "--port", "0", "--arm-port", "0"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"The local system cannot start: {tmp_path / name} cannot be read (file")
    assert "make local FRESH=1" in said
    assert said.count("\n") == 1
