"""The bill of materials holds exactly what is deployed."""

import json
import re
import subprocess
from pathlib import Path
from shutil import copy

ROOT = Path(__file__).parents[2]


def test_the_sbom_names_every_package_of_the_lock_with_its_hashes(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        copy(ROOT / name, tmp_path / name)
    venv = (ROOT / ".venv").resolve()
    subprocess.run(
        ["make", "--silent", "-o", f"{venv}/.ready", f"VENV={venv}", "sbom"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    sbom = json.loads((tmp_path / "sbom.json").read_text())
    listed = {f"{one['name']}=={one['version']}" for one in sbom["components"]}
    lock = (ROOT / "requirements.txt").read_text()
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert listed == set(re.findall(r"^([\w.-]+==[\w.]+)", lock, re.MULTILINE))
    assert all(one["externalReferences"][0]["hashes"] for one in sbom["components"])
