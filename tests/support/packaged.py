"""The command's package as `pipx install ./cli` installs it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

from pages import ROOT

CLI = ROOT / "cli"
_SYSTEM = tomllib.loads((CLI / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
_BUILD = f"import sys, {_SYSTEM['build-backend']} as it; print(it.build_wheel(sys.argv[1]))"


def unpacked_in(folder: Path) -> Path:
    """Where its wheel was unpacked; it was built there by the backend that the project names."""
    backend = os.pathsep.join(str(CLI / path) for path in _SYSTEM["backend-path"])
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, str(folder)],
        cwd=CLI,
        env={**os.environ, "PYTHONPATH": backend},
        capture_output=True,
        text=True,
        check=True,
    )
    with ZipFile(folder / done.stdout.strip()) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"
