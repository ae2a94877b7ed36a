"""Builds the package as flit does, with the app and the simulated Azure in it: a folder that is no
package, from which a rehearsal runs them in a process of its own.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_FLIT: Any = import_module("flit_core.buildapi")

build_editable = _FLIT.build_editable
get_requires_for_build_editable = _FLIT.get_requires_for_build_editable
get_requires_for_build_sdist = _FLIT.get_requires_for_build_sdist
get_requires_for_build_wheel = _FLIT.get_requires_for_build_wheel
prepare_metadata_for_build_editable = _FLIT.prepare_metadata_for_build_editable
prepare_metadata_for_build_wheel = _FLIT.prepare_metadata_for_build_wheel

APP = (
    "activities", "compute", "dashboard", "durable", "function_app.py", "host.json", "local",
    "monitor", "orchestrators", "outbound", "rollout", "settings", "triggers",
)  # fmt: skip
CARRIED = Path("vmss_rollout", "app")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "check", "demo", ".*")


def build_wheel(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    to = str(Path(wheel_directory).resolve())
    with _carrying():
        return _FLIT.build_wheel(to, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    to = str(Path(sdist_directory).resolve())
    with _carrying():
        return _FLIT.build_sdist(to, config_settings)


@contextmanager
def _carrying() -> Generator[None]:
    """In a copy of this folder that has the app in it; a source distribution has it already."""
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        copy = shutil.copytree(here, Path(folder, "cli"), ignore=_LEFT_OUT)
        if not (copy / CARRIED).exists():
            _put_the_app_into(copy / CARRIED, here.parent)
        os.chdir(copy)
        try:
            yield
        finally:
            os.chdir(here)


def _put_the_app_into(folder: Path, checkout: Path) -> None:
    folder.mkdir()
    for name in APP:
        source = checkout / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_LEFT_OUT)
        else:
            shutil.copy2(source, folder / name)
