"""What a step needs from the machine it runs on."""

import json
import shutil
import site
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from github_runner import play
from pipeline_run import Machine
from story import NEW, System

INPUTS = {"scale-set": "web", "image": NEW}
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without the command."""
    return Machine(tmp_path, installed=False)


def test_the_command_is_installed_into_a_folder_of_its_own(bare: Machine) -> None:
    """From the repository alone; what it stands on is taken from here, because a test has no
    connection.
    """
    build = bare.folder / "build"
    build.mkdir()
    found = find_spec("flit_core")
    assert found
    assert found.origin
    shutil.copytree(Path(found.origin).parent, build / "flit_core")
    env = {**OFFLINE, "PYTHONPATH": str(build), "RUNNER_TEMP": str(bare.folder / "temp")}
    root = Path(__file__).parents[2]
    code, lines = bare.bash(f"bash {root}/pipelines/install.sh", env)
    assert code == 0, lines
    command = bare.folder / "temp" / "vmss-rollout" / "bin" / "vmss-rollout"
    packages = site.getsitepackages()[0]
    code, lines = bare.bash(f"{command} --version", {"PYTHONPATH": packages})
    assert (code, lines) == (0, ["vmss-rollout 0.1.0"])


def test_a_python_that_is_too_old_is_said(bare: Machine) -> None:
    bare.add("python3", "#!/bin/sh\nexit 1\n")
    done = play(bare, {"app": "http://127.0.0.1:9", **INPUTS})
    assert done.code == 2
    assert "needs Python 3.12 or newer" in done.log[0]


def test_a_file_of_the_repository_is_never_run_as_a_module_of_ours(
    system: System, machine: Machine
) -> None:
    """A pull request could bring one along."""
    for name in ("pipelines", "json", "urllib", "vmss_rollout", "venv", "pip"):
        (machine.work / f"{name}.py").write_text("open('PWNED', 'w')\nraise SystemExit(9)\n")
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    done = play(machine, {**INPUTS, "app": system.host.url, "scale-set": scale_set})
    assert done.code == 0, done.log
    assert not machine.pwned


AZ = f"""#!{sys.executable}
import json, sys
print(json.dumps({{"accessToken": "entra-token", "expiresOn": "2099-01-01 00:00:00.000000"}}))
"""


def test_a_scope_signs_in_as_whoever_is_signed_in_at_azure_s_command_line(
    system: System, machine: Machine
) -> None:
    """Not as an identity of the machine: those of the services' own machines are not meant."""
    machine.add("az", AZ)
    scale_set = system.scale_set(capacity=2, updateDomains=2)
    app = {"app": system.host.url, "scope": "api://rollout/.default", "key": "the-key"}
    done = play(machine, {**INPUTS, **app, "scale-set": scale_set})
    assert done.code == 0, done.log
    assert json.dumps(done.log).count("the-key") == 0


def test_without_anybody_signed_in_it_is_refused(system: System, machine: Machine) -> None:
    machine.add("az", "#!/bin/sh\necho 'Please run az login' >&2\nexit 1\n")
    app = {"app": system.host.url, "scope": "api://rollout/.default"}
    done = play(machine, {**INPUTS, **app})
    assert done.code == 6
    assert "No token for api://rollout/.default" in done.errors[0]
