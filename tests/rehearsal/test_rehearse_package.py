"""The package carries the app as files that nobody imports, and runs it from there."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from command import Person
from packaged import unpacked_in
from packaging.requirements import Requirement

from vmss_rollout.rehearsal import process

ROOT = Path(__file__).parents[2]
RECORDED = Path(__file__).parent / "recorded"


def requirements(file: str, extra: str | None = None) -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))["project"]
    named = project["optional-dependencies"][extra] if extra else project["dependencies"]
    found = [Requirement(each) for each in named]
    return {each.name: each for each in found}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No checkout is anywhere near."""
    return unpacked_in(tmp_path_factory.mktemp("wheel"))


def test_it_brings_one_name_into_the_environment(installed: Path) -> None:
    names = {path.name for path in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"vmss_rollout"}
    assert not (installed / "vmss_rollout/app/__init__.py").exists()


def test_it_carries_what_is_deployed_and_the_simulated_azure_and_no_more(installed: Path) -> None:
    carried = {path.name for path in (installed / "vmss_rollout/app").iterdir()}
    ignored = set((ROOT / ".funcignore").read_text().split()) | {"requirements.txt", ".funcignore"}
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    deployed = {file.split("/")[0] for file in tracked} - ignored
    assert carried == deployed | {"local"}
    assert list(installed.rglob("__pycache__")) == []


def test_a_rehearsal_runs_from_what_was_installed(installed: Path, tmp_path: Path) -> None:
    words = [
        "rehearse", "winvmss", "MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2:99.1.1",
        "--show", str(RECORDED / "vmss-show.json"),
        "--instances", str(RECORDED / "vmss-list-instances.json"),
        "--views", str(RECORDED / "vmss-get-instance-view.json"),
        "--set", "health.source=powerState", "-o", "json",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "vmss_rollout", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["phase"] == "Succeeded"


def test_the_extra_takes_the_versions_that_the_app_is_tested_with() -> None:
    pinned = requirements("pyproject.toml") | requirements("pyproject.toml", "local")
    asked = requirements("cli/pyproject.toml", "rehearse")
    for name, requirement in asked.items():
        (pin,) = pinned[name].specifier
        assert requirement.specifier.contains(pin.version), name
    own = requirements("cli/pyproject.toml") | asked
    not_needed = {"azure-monitor-opentelemetry", "flit_core"}
    assert {name.lower() for name in pinned} - not_needed <= {name.lower() for name in own}


def test_an_older_python_is_named(offline: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PYTHON", (99, 0))
    done = offline.says("rehearse", "web", "1.0")
    assert done.code == 2
    assert done.err.startswith("A rehearsal runs the app, which needs Python 3.13.")
