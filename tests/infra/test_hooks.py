"""The hooks that azd runs, in a shell whose Azure CLI writes down what it was asked."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from bicep import INFRA, template

HOOKS = INFRA / "hooks"
CHECKED_BY_HASH = b"\x03\x00\x00\x00"  # the flags of PEP 552
SCRIPTS = sorted(HOOKS.glob("*.sh"))

AZ = """#!/bin/sh
printf '%s\\n' "$*" >> "$ASKED"
case "$*" in
"account show"*) exit "${SIGNED_OUT:-0}" ;;
"functionapp function show"*)
    echo . >> "$LOOKS"
    [ "$(wc -l < "$LOOKS")" -ge "${THERE_AT:-1}" ] ;;
"role definition list"*assignableScopes*) echo "$SCOPES" ;;
"deployment mg"*) echo mg-role ;;
"role assignment list"*) echo "/assignments/of-$(echo "$*" | wc -w)" ;;
esac
"""
AZD = """#!/bin/sh
printf 'azd %s\\n' "$*" >> "$ASKED"
"""
ENVIRONMENT = {
    "AZURE_ENV_NAME": "prod",
    "AZURE_LOCATION": "westeurope",
    "AZURE_SUBSCRIPTION_ID": "s-1",
    "AZURE_RESOURCE_GROUP": "rg-prod",
    "FUNCTION_APP_NAME": "func-1",
    "EVENT_TOPIC_NAME": "topic-1",
    "DEAD_LETTER_CONTAINER_ID": "/storage/blobServices/default/containers/dead-letters",
    "IDENTITY_PRINCIPAL_ID": "p-1",
    "ROLLOUT_ROLE": "r-1",
    "IMAGES_ROLE": "i-1",
    "ROLLOUT_MANAGEMENT_GROUP": "platform",
    "MANAGEMENT_GROUP_ROLE": "m-1",
}


@dataclass
class Run:
    code: int
    said: str
    asked: list[str]

    def of(self, command: str) -> list[str]:
        return [one for one in self.asked if one.startswith(command)]


def run(tmp_path: Path, hook: str, **changes: str) -> Run:
    """Run a hook; nothing waits."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, script in {"az": AZ, "azd": AZD, "sleep": "#!/bin/sh\n"}.items():
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    asked, looks = tmp_path / "asked", tmp_path / "looks"
    environment = {
        **ENVIRONMENT,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "ASKED": str(asked),
        "LOOKS": str(looks),
        **changes,
    }
    done = subprocess.run(
        ["sh", HOOKS / hook], env=environment, capture_output=True, text=True, check=False
    )
    lines = asked.read_text().splitlines() if asked.exists() else []
    return Run(done.returncode, done.stdout + done.stderr, lines)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_posix_shell_and_shellcheck_has_nothing_to_say(script: Path) -> None:
    checker = shutil.which("shellcheck", path=Path(sys.executable).parent)
    assert checker
    for command in (["sh", "-n", script], [checker, "--shell=sh", script]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_may_be_run_and_ends_at_the_first_error(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert "\nset -eu\n" in script.read_text()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_its_twin_in_powershell_asks_the_same_of_azure(script: Path) -> None:
    """The commands with the options they are given; there is no PowerShell at hand to try it."""
    twin = script.with_suffix(".ps1").read_text()
    assert commands(twin) == commands(script.read_text())


def commands(script: str) -> set[tuple[str, frozenset[str]]]:
    code = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"[\\`]\n\s*", " ", code)
    found = re.findall(r"\b(?:Invoke-A|a)zd? ((?:[a-z]+ )+)(.*)", joined)
    return {
        (words.strip(), frozenset(re.findall(r"--[a-z-]+", rest)) - {"--only-show-errors"})
        for words, rest in found
    }


@pytest.mark.parametrize("hook", ["grant.sh", "subscribe.sh", "revoke.sh"])
def test_who_is_not_signed_in_is_told_what_to_do(tmp_path: Path, hook: str) -> None:
    done = run(tmp_path, hook, SIGNED_OUT="1")
    assert (done.code, len(done.asked)) == (1, 1)
    assert "run az login, then azd" in done.said


@pytest.mark.parametrize(
    ("hook", "absent"),
    [
        ("grant.sh", "ROLLOUT_MANAGEMENT_GROUP"),
        ("subscribe.sh", "EVENT_TOPIC_NAME"),
        ("revoke.sh", "IDENTITY_PRINCIPAL_ID"),
    ],
)
def test_what_nobody_wants_is_not_done(tmp_path: Path, hook: str, absent: str) -> None:
    done = run(tmp_path, hook, **{absent: ""})
    assert (done.code, done.asked, done.said) == (0, [], "")


def deployed(command: str) -> tuple[Path, dict[str, str]]:
    """The template and the parameters of a deployment."""
    file = re.search(r"--template-file (\S+)", command)
    given = re.search(r"--parameters (.*?) --(?:output|query)", command)
    assert file
    assert given
    return Path(file[1]).resolve(), dict(re.findall(r"(\w+)=(\S*)", given[1]))


def test_byte_code_is_deployed_that_no_time_of_a_file_makes_stale(tmp_path: Path) -> None:
    root = INFRA.parent
    sources = [root / "function_app.py", *(root / "rollout").rglob("*.py"), HOOKS / "compile.sh"]
    for name in (
        "activities", "compute", "durable", "monitor", "orchestrators", "outbound", "settings",
        "triggers",
    ):  # fmt: skip
        sources += (root / name).rglob("*.py")
    for source in sources:
        copy = tmp_path / source.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    subprocess.run([tmp_path / "infra/hooks/compile.sh"], check=True)
    compiled = [cache_from_source(str(file)) for file in tmp_path.rglob("*.py")]
    assert len(compiled) == len(sources) - 1
    assert {Path(file).read_bytes()[4:8] for file in compiled} == {CHECKED_BY_HASH}


def test_the_role_is_granted_on_the_management_group(tmp_path: Path) -> None:
    done = run(tmp_path, "grant.sh")
    (command,) = done.of("deployment mg create")
    file, given = deployed(command)
    assert "--management-group-id platform --location westeurope" in command
    assert set(given) == set(template(file).all("param"))
    assert "properties.outputs.role.value" in command
    # Not of the environment alone: the same name in another region would be refused.
    assert f"--name vmss-rollout-{ENVIRONMENT['IDENTITY_PRINCIPAL_ID']} " in command
    assert "role" in template(file).all("output")
    assert done.asked[-1] == "azd env set MANAGEMENT_GROUP_ROLE mg-role"


@pytest.mark.parametrize("attempts", [1, 4])
def test_events_are_subscribed_to_once_the_function_is_there(tmp_path: Path, attempts: int) -> None:
    done = run(tmp_path, "subscribe.sh", THERE_AT=str(attempts), IMAGE_EVENTS_BELOW="/gallery")
    (command,) = done.of("deployment group create")
    file, given = deployed(command)
    assert len(done.of("functionapp function show")) == attempts
    assert done.asked[-1] == command
    assert set(given) == set(template(file).all("param"))
    assert given["imagesBelow"] == "/gallery"


def test_events_can_be_subscribed_to_without_a_place_for_dead_letters(tmp_path: Path) -> None:
    done = run(tmp_path, "subscribe.sh", DEAD_LETTER_CONTAINER_ID="")
    (command,) = done.of("deployment group create")
    assert deployed(command)[1]["deadLetterContainerId"] == ""


def test_a_function_that_does_not_come_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "subscribe.sh", THERE_AT="99")
    assert done.code == 1
    assert done.of("deployment") == []
    assert "azd hooks run postdeploy" in done.said


def test_roles_go_with_their_assignments_wherever_they_are(tmp_path: Path) -> None:
    group = "/providers/Microsoft.Management/managementGroups/platform"
    done = run(tmp_path, "revoke.sh", SCOPES=f"/subscriptions/s-1\n{group}")
    assert done.code == 0, done.said
    assert len(done.of("role assignment list --all --subscription s-1")) == 3
    assert len(done.of(f"role assignment list --scope {group}")) == 3
    assert len(done.of("role assignment delete")) == 6
    assert len(done.of("role definition delete")) == 3
