"""What `pipx install ./cli` and `uv tool install ./cli` install: all of the package, by itself."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from pages import ROOT

CLI = ROOT / "cli"
BUILD = "import sys; from flit_core import buildapi; print(buildapi.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which its wheel was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=CLI,
        capture_output=True,
        text=True,
        check=True,
    )
    wheel = folder / done.stdout.strip()
    ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_has_every_file_of_the_package(installed: Path) -> None:
    def files(root: Path) -> set[Path]:
        found = (root / "vmss_rollout").rglob("*")
        return {file.relative_to(root) for file in found if file.suffix in {".py", ".json"}}

    assert files(installed) == files(CLI)


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
