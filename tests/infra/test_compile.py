"""The check of infra/ by the Bicep compiler fails for what the compiler says, with a compiler that
says what it is told to; and says what to do where there is none.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from bicep import INFRA

ROOT = INFRA.parent
COMPILER = """#!/bin/sh
printf '%s\\n' "$*" >> "$ASKED"
case "$*" in
"$SPEAKS"*) echo "main.bicep(1,1) : Warning something" >&2; exit "$CODE" ;;
esac
"""


@dataclass
class Run:
    code: int
    said: str
    asked: list[str]


def check(tmp_path: Path, *options: str, speaks: str = "nothing", code: int = 0) -> Run:
    compiler, asked = tmp_path / "bicep", tmp_path / "asked"
    compiler.write_text(COMPILER)
    compiler.chmod(0o755)
    environment = {
        **os.environ,
        "BICEP": str(compiler), "ASKED": str(asked), "SPEAKS": speaks, "CODE": str(code),
    }  # fmt: skip
    done = subprocess.run(
        [INFRA / "check/bicep.sh", *options],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout + done.stderr, asked.read_text().splitlines())


def make(target: str, **variables: str) -> Run:
    given = [f"{name}={value}" for name, value in variables.items()]
    done = subprocess.run(
        ["make", "--silent", "-o", ".venv/.ready", target, *given],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout + done.stderr, [])


def test_all_files_are_linted_and_built_and_all_snapshots_validated(tmp_path: Path) -> None:
    done = check(tmp_path)
    validated = [one.split()[1] for one in done.asked if one.startswith("snapshot ")]
    assert (done.code, done.said) == (0, "")
    assert {one.split()[0] for one in done.asked} == {"lint", "build", "snapshot"}
    assert {ROOT / one for one in validated} == set(ROOT.glob("tests/infra/snapshots/*.bicepparam"))
    assert all("--mode validate" in one for one in done.asked if one.startswith("snapshot "))


@pytest.mark.parametrize("speaks", ["lint", "build"])
def test_a_warning_fails_although_the_compiler_succeeds(tmp_path: Path, speaks: str) -> None:
    done = check(tmp_path, speaks=speaks)
    assert done.code != 0
    assert "Warning something" in done.said


def test_another_deployment_than_the_snapshot_fails_and_says_what_to_do(tmp_path: Path) -> None:
    done = check(tmp_path, speaks="snapshot", code=1)
    assert done.code != 0
    assert "infra/check/bicep.sh --update" in done.said


def test_snapshots_are_written_anew_only_when_that_is_said(tmp_path: Path) -> None:
    done = check(tmp_path, "--update")
    written = [one for one in done.asked if one.startswith("snapshot ")]
    assert written
    assert all("--mode overwrite" in one for one in written)


def test_without_a_compiler_make_bicep_says_what_to_do() -> None:
    done = make("bicep", BICEP="", NODE="")
    assert done.code != 0
    assert "make bicep BICEP=" in done.said


def test_without_a_compiler_or_node_the_rest_says_in_one_line_what_was_left_out() -> None:
    for target in ("uncompiled", "kql"):
        done = make(target, BICEP="", NODE="")
        assert (done.code, len(done.said.splitlines())) == (0, 1)


def test_the_rules_of_the_linter_are_on() -> None:
    """Those that are off by default are, too; one that is silent is no rule."""
    text = (INFRA / "bicepconfig.json").read_text()
    assert '"off"' not in text
    assert {"no-module-name", "use-recent-api-versions", "what-if-short-circuiting"} <= {
        one.strip().partition('"')[2].partition('"')[0] for one in text.splitlines()
    }
