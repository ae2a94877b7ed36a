"""What `pipx install ./cli` and `uv tool install ./cli` install: all of the package, by itself."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaged import CLI, unpacked_in

APP = Path("vmss_rollout/app")
"""What a rehearsal runs: tests/rehearsal/test_rehearse_package.py."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked_in(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_has_every_file_of_the_package(installed: Path) -> None:
    def files(root: Path) -> set[Path]:
        found = (root / "vmss_rollout").rglob("*")
        return {file.relative_to(root) for file in found if file.suffix in {".py", ".json"}}

    assert {file for file in files(installed) if not file.is_relative_to(APP)} == files(CLI)


def test_it_runs_from_there_and_nowhere_else(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import vmss_rollout.__main__ as it; print(it.__file__); it.run()"],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed), "VMSS_ROLLOUT_APP": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(str(installed))
    assert (done.returncode, done.stderr[:18]) == (2, "Usage: vmss-rollou")


def test_it_is_a_command_of_its_own() -> None:
    project = tomllib.loads((CLI / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"vmss-rollout": "vmss_rollout.__main__:run"}
