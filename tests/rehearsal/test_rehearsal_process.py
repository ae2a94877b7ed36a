"""The process in which the app is rehearsed, and what is left of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command import Person
from story import NEW, System

from vmss_rollout import exits
from vmss_rollout.rehearsal import process

ROOT = Path(__file__).parents[2]


@contextmanager
def under_way(words: list[str], folder: Path, **environ: str) -> Generator[subprocess.Popen[str]]:
    """The command on a rehearsal, at the moment at which the other process is at work."""
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "vmss_rollout", "rehearse", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "cli"), "TMPDIR": str(folder), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        while not list(folder.glob("*/*")):
            assert command.poll() is None, command.communicate()
        yield command


def children_in(folder: Path) -> list[str]:
    """The processes that were told of that folder."""
    found: list[str] = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in file.read_bytes():
                found.append(file.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, exits.INTERRUPTED), (signal.SIGTERM, exits.INTERRUPTED), (signal.SIGKILL, -9)],
)
def test_whoever_ends_it_leaves_nothing_behind(
    system: System,
    files: Callable[[str], tuple[str, ...]],
    tmp_path: Path,
    number: signal.Signals,
    code: int,
) -> None:
    name = f"ended{number}"
    system.scale_set(name=name, capacity=200)
    folder = tmp_path / "temporary"
    with under_way([name, NEW, *files(name)], folder) as command:
        command.send_signal(number)
        out, err = command.communicate(timeout=60)
    assert (command.returncode, out) == (code, "")
    assert number == signal.SIGKILL or "left nothing behind" in err
    deadline = 2000
    while (children_in(folder) or list(folder.glob("*/*"))) and deadline:
        deadline -= 1
    assert children_in(folder) == []
    assert list(folder.glob("*/*")) == []


def test_nothing_secret_is_handed_on() -> None:
    mine = {"AZURE_CLIENT_SECRET": "x", "PATH": "/bin", "VMSS_ROLLOUT_KEY": "k"}
    told = process.environment(ROOT, mine)
    assert told.keys() == {"PATH", "PYTHONPATH", "PYTHONIOENCODING"}


@pytest.mark.parametrize("missing", ["azure.durable_functions", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(
    offline: Person, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def found(name: str) -> Any:
        return None if name == missing else object()

    monkeypatch.setattr(process, "find_spec", found)
    done = offline.says("rehearse", "web", NEW)
    assert done.code == exits.USAGE
    assert done.err.splitlines()[0] == f"A rehearsal runs the app, and {missing} is not installed."
    assert "pip install 'vmss-rollout[rehearse]'" in done.err


def test_a_copy_that_cannot_be_made_is_said() -> None:
    with pytest.raises(process.CommandError) as failed:
        process.rehearsed(os.environ, {"scaleSet": {"name": "web"}}, lambda _: None)
    assert "It could not be rehearsed: " in failed.value.sentence
