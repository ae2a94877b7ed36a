"""What a start costs, as CPU time, against an empty Durable app (`empty_app/`).

Both in copies with byte-code, as they are deployed, and in turn, so that what else the machine does
falls on both. The least of some rounds counts.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1])]

from benchmarks.figure import Figure

ROOT = Path(__file__).parents[1]
DEPLOYED = (
    "function_app.py", "host.json", "activities", "compute", "dashboard", "durable",
    "monitor", "orchestrators", "outbound", "rollout", "settings", "triggers",
)  # fmt: skip
ROUNDS = 9
IMPORT = """
import time
began = time.process_time()
import function_app
print(time.process_time() - began)
"""
INDEX = f"""
import pathlib, sys, time
sys.path.append({str(ROOT)!r})
from local.host.app import runtime
sys.path.remove({str(ROOT)!r})
sys.path.insert(0, ".")
began = time.process_time()
runtime.index(pathlib.Path.cwd())
print(time.process_time() - began)
"""
"""The worker's library, which has imported azure.functions already, imports and indexes the app."""
ANSWERS = """
import time
import function_app
began = time.process_time()
function_app.handlers()
print(time.process_time() - began)
"""


def figures() -> list[Figure]:
    with TemporaryDirectory() as folder:
        ours, empty = _deployed(Path(folder) / "ours", ROOT, DEPLOYED), Path(folder) / "empty"
        _deployed(empty, ROOT / "benchmarks/empty_app", ("function_app.py", "host.json"))
        imported, indexed = _ratio(IMPORT, ours, empty), _ratio(INDEX, ours, empty)
        answers = min(_seconds(ANSWERS, ours) for _ in range(ROUNDS))
    return [
        Figure("cold start against an empty Durable app: import", imported, "times", 1.3, 1.8),
        Figure("cold start against an empty Durable app: index", indexed, "times", 1.4, 2.2),
        Figure("what the first HTTP call imports, CPU", 1000 * answers, "ms"),
    ]


def _deployed(folder: Path, source: Path, names: tuple[str, ...]) -> Path:
    folder.mkdir()
    for name in names:
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, folder / name)
    compiled = ("-m", "compileall", "-q", "--invalidation-mode", "checked-hash")
    subprocess.run([sys.executable, *compiled, str(folder)], check=True)  # noqa: S603
    return folder


def _ratio(code: str, ours: Path, empty: Path) -> float:
    rounds = [(_seconds(code, ours), _seconds(code, empty)) for _ in range(ROUNDS)]
    return min(ours for ours, _ in rounds) / min(empty for _, empty in rounds)


def _seconds(code: str, folder: Path) -> float:
    command = [sys.executable, "-c", code]
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
