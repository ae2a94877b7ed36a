"""The rehearsal itself runs in a process of its own: only there is the app importable."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from vmss_rollout import exits
from vmss_rollout.command_error import CommandError, UsageError
from vmss_rollout.values import Json, fields, text

_NEEDED = (
    "aiohttp", "azure.durable_functions", "azure.functions", "azure.identity", "azure.mgmt.compute",
    "azure_functions_runtime", "croniter", "opentelemetry", "orjson", "pydantic", "starlette",
    "uvicorn",
)  # fmt: skip
_KEPT = {"HOME", "LANG", "LC_ALL", "PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"}
"""Nothing else of the environment is handed on: no credential of anybody, no setting of an app."""
_PACKAGE = Path(__file__).parents[1]
_CARRIED, _CHECKOUT = _PACKAGE / "app", _PACKAGE.parents[1]
_PYTHON = (3, 13)
_SECONDS_TO_END = 10
INSTALL = (
    "Install it: pip install 'vmss-rollout[rehearse]', or from a checkout pipx install --force "
    "'./cli[rehearse]'."
)


def app_folder() -> Path:
    """Where the app is that is rehearsed with. Raises UsageError when it cannot run here."""
    missing = next((name for name in _NEEDED if not _is_there(name)), None)
    folder = next((each for each in (_CARRIED, _CHECKOUT) if _is_app(each)), None)
    if sys.version_info[:2] < _PYTHON:
        raise UsageError(
            "A rehearsal runs the app, which needs Python 3.13.", f"With it: {INSTALL}"
        )
    if missing or folder is None:
        what = missing or "the app"
        raise UsageError(f"A rehearsal runs the app, and {what} is not installed.", INSTALL)
    return folder


def rehearsed(environ: Mapping[str, str], order: Json, tell: Callable[[Json], None]) -> Json:
    """Rehearse it; returns the report. `tell` hears how far it is. Whatever happens, no process and
    no folder is left behind.
    """
    app = app_folder()
    with (
        TemporaryDirectory(prefix="vmss-rollout-rehearsal-", ignore_cleanup_errors=True) as state,
        _process(app, environ) as process,
    ):
        order = {**order, "state": state}
        for line in _lines(process, order):
            if "report" in line:
                return fields(line["report"])
            if "error" in line:
                raise _impossible(text(line, "error"))
            tell(fields(line.get("progress")))
    raise _impossible(f"it ended with exit code {process.returncode}")


def environment(app: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What the process is told: the app's folder comes first on its path."""
    kept = {name: value for name, value in environ.items() if name.upper() in _KEPT}
    path = os.pathsep.join(filter(None, [str(app), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


@contextmanager
def _process(app: Path, environ: Mapping[str, str]) -> Generator[subprocess.Popen[str]]:
    """It ends when its standard input is closed, or with this one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local.rehearsal"],
        cwd=app,
        env=environment(app, environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        # Ctrl-C is for this process only, which ends the other.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        _close(pipe)
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close(pipe: IO[str] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:
        pass  # it is gone already


def _lines(process: subprocess.Popen[str], order: Json) -> Iterator[Json]:
    assert process.stdin is not None  # noqa: S101 - asked for
    assert process.stdout is not None  # noqa: S101 - asked for
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
    except OSError:
        return
    for line in process.stdout:
        yield fields(json.loads(line))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False


def _is_app(folder: Path) -> bool:
    return (folder / "function_app.py").is_file() and (folder / "local/rehearsal").is_dir()


def _impossible(why: str) -> CommandError:
    return CommandError(
        f"It could not be rehearsed: {why}.", "Nothing was sent to Azure.", exits.FAILED
    )
