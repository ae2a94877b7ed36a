"""`make help`, and the variables of `make local`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*arguments: str, **environment: str) -> str:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def local_options(*arguments: str, **environment: str) -> str:
    """The options with which `make local` would start the system."""
    said = make("-n", *arguments, **environment).replace("\\\n", " ")
    (command,) = re.findall(r"-m local (--port .*)$", said, re.MULTILINE)
    return " ".join(command.split())


def test_help_lists_every_target_with_what_it_does() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    listed = [line.split(maxsplit=2) for line in make("help").splitlines()]
    assert sorted(words[1] for words in listed) == sorted(phony[1].split())
    assert all(words[0] == "make" and words[2] for words in listed)


def test_make_local_has_its_defaults_whatever_the_environment_says() -> None:
    assert local_options("local", PORT="80", SPEED="9", STATE="x") == "--port 7071 --speed 60"


def test_make_local_takes_ports_speed_and_state() -> None:
    said = local_options("local", "PORT=1", "ARM_PORT=2", "SPEED=3", "STATE=my state", "FRESH=1")
    assert said == '--port 1 --speed 3 --arm-port 2 --state "my state" --fresh'


def test_make_demo_rolls_every_instance_and_ends_with_0() -> None:
    """As in the Makefile, and only faster: what is set up already is not set up anew."""
    venv = Path(sys.executable).parents[1]
    said = make("-o", f"{venv}/.ready", f"VENV={venv}", "demo", "DEMO=--speed 600 --instances 6")
    assert "The demo succeeded; nothing is left running." in said


@pytest.mark.parametrize("bicep", ["/somewhere/bicep", ""])
def test_make_test_names_every_check(bicep: str) -> None:
    said = make("-n", "test", f"BICEP={bicep}")
    checks = {
        "ruff format --check",
        "ruff check",
        "lint-imports",
        "bin/pyright",
        "dashboard/",
        "-m pytest -n $(( $(getconf _NPROCESSORS_ONLN) * 3 / 2 ))",
        "checkov --directory infra",
        "infra/check/bicep.sh" if bicep else "infra/ was not compiled",
    }
    assert not [check for check in checks if check not in said]


def test_make_test_ends_with_the_first_check_that_finds_something(tmp_path: Path) -> None:
    """A check that finds something is a target that failed, not a line of the log."""
    venv = Path(sys.executable).parents[1]
    (tmp_path / "bin").mkdir()
    for name in ("ruff", "lint-imports", "pyright"):
        program = tmp_path / "bin" / name
        program.write_text("#!/bin/sh\nexit 3\n")
        program.chmod(0o755)
    for target in ("lint", "types"):
        with pytest.raises(subprocess.CalledProcessError):
            make("-o", f"{venv}/.ready", f"READY={venv}/.ready", f"BIN={tmp_path}/bin", target)


def test_setup_installs_the_command_without_asking_a_registry() -> None:
    (install,) = re.findall(r"pip install (.*) cli$", make("-n", "-B", "setup"), re.MULTILINE)
    assert {"--no-index", "--no-deps", "--no-build-isolation", "--editable"} <= set(install.split())
