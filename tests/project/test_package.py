"""What is deployed is exactly what must be, and it works alone."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from benchmarks import cold_start

ROOT = Path(__file__).parents[2]
DEPLOYED = {
    ".funcignore", "activities", "compute", "dashboard", "function_app.py", "durable",
    "host.json", "monitor", "orchestrators", "outbound", "requirements.txt", "rollout",
    "settings", "triggers",
}  # fmt: skip


def ignored() -> list[re.Pattern[str]]:
    """Core Tools reads .funcignore its own way: names from the root, up to a word boundary."""
    lines = (ROOT / ".funcignore").read_text().split()
    names = [line for line in lines if not line.startswith("**/")]
    return [re.compile(rf"{re.escape(name)}($|/)") for name in names]


def tracked() -> set[str]:
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return {file.split("/")[0] for file in files}


def test_only_what_azure_needs_is_deployed() -> None:
    patterns = ignored()
    kept = {name for name in tracked() if not any(p.match(name) for p in patterns)}
    assert kept == DEPLOYED


def test_the_app_loads_from_the_deployed_files_alone(tmp_path: Path) -> None:
    for name in DEPLOYED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    code = "import function_app; print(len(function_app.app.get_functions()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_a_cold_start_is_measured_of_what_is_deployed() -> None:
    assert {*cold_start.DEPLOYED} == DEPLOYED - {".funcignore", "requirements.txt"}


def test_no_package_of_ours_has_the_name_of_a_dependency() -> None:
    """In Azure, the app's folder comes last on sys.path: a dependency would hide ours."""
    ours = {
        name.removesuffix(".py") for name in DEPLOYED if "." not in name or name.endswith(".py")
    }
    assert not ours & set(packages_distributions())


def test_the_lock_holds_what_the_project_asks_for() -> None:
    asked = set(
        re.findall(
            r'^    "([a-z-]+==[\w.]+)",', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
        )
    )
    locked = (ROOT / "requirements-dev.txt").read_text()
    assert asked
    assert not [one for one in asked if f"\n{one} " not in f"\n{locked}"]


def test_no_file_names_a_package_registry() -> None:
    files = [
        *ROOT.glob("requirements*.txt"),
        *ROOT.glob("infra/requirements*"),
        ROOT / "pyproject.toml",
    ]
    assert len(files) == 5
    assert not [file.name for file in files if "://" in file.read_text()]
