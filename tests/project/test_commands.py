"""Every command in the documentation is run by a test, or cannot be run here for a reason."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT, Block, blocks, pages

PYTHON = ".venv/bin/python"
SHELL = ("bash", "console", "sh", "shell")

RUN_AS_THEY_ARE = (
    ("README.md", "VMSS_ROLLOUT_APP="),
    ("docs/curl.md", ""),
    ("docs/local.md", "badImage"),
    ("docs/local.md", '"PT2M"'),
    ("docs/local.md", "-X PUT"),
    ("docs/operations.md", ""),
    ("docs/fleets.md", "fleet-rollouts/plan"),
    ("docs/fleets.md", "followed-images"),
    ("local/host/README.md", "greet"),
    ("local/arm/README.md", "badImage"),
    ("local/arm/README.md", "rewrite"),
)
"""Blocks that tests/project/test_docs.py and tests/local (test_readmes, test_first_rollout) run, by
what stands in them; of the operations guide and the page about curl, all.
"""

RUN_BY = {
    "make setup": "test_the_lock_holds_what_the_project_asks_for",
    "make demo": "test_make_demo_rolls_every_instance_and_ends_with_0",
    "make local": "test_it_says_what_is_where_and_sigterm_ends_it",
    "make test": "test_make_test_names_every_check",
    "make acceptance": "test_the_local_system_keeps_what_the_api_promises",
    "make bench": "test_the_page_has_the_counts_of_a_rollout_of_20_instances",
    "make docs": "test_the_reference_is_up_to_date",
    "vmss-rollout": "test_every_command_of_the_page_is_known",
    "make page": "test_a_library_is_the_file_of_its_package",
    "make screenshots": "test_a_screen_is_readable_reachable_and_in_its_place",
    f"{PYTHON} -m local.demo": "test_a_rehearsed_failure_ends_with_its_message_and_exit_code_1",
    f"{PYTHON} -m local.arm": "test_the_simulated_azure_runs_alone",
    f"{PYTHON} -m local.host": "test_the_host_says_where_it_is_and_which_process",
    f"{PYTHON} -m acceptance": "test_the_local_system_keeps_what_the_api_promises",
    f"{PYTHON} -m local": "test_it_says_what_is_where_and_sigterm_ends_it",
    f"WRITE_SCREENS=1 {PYTHON} -m pytest": "test_a_screen_is_as_it_was",
    f"{PYTHON} -m pytest": "test_a_command_of_pytest_finds_its_tests",
}
"""Commands that tests run in their own way, and which one does."""

CANNOT = {
    "az ": "needs an Azure subscription",
    "azd ": "needs an Azure subscription",
    "azurite ": "is no Python package, and Azure's own hosts are not tested here",
    "pipx install": "installs into the home of whoever runs it",
    "uv tool install": "installs into the home of whoever runs it",
    "source .venv/bin/activate && func start": "Core Tools are no Python package",
}
"""Commands that need what a test cannot have. What follows one in its block needs it as well."""


def needs_what_is_not_here(command: str) -> bool:
    return any(command.startswith(one) or f"$({one}" in command for one in CANNOT)


def unproved(block: Block) -> list[str]:
    """The commands of a block that no test runs and that nothing excuses."""
    commands = block.commands
    run = any(block.page == page and text in block.text for page, text in RUN_AS_THEY_ARE)
    if run or any(map(needs_what_is_not_here, commands)):
        return []
    return [one for one in commands if not any(one.startswith(known) for known in RUN_BY)]


@pytest.mark.parametrize("block", blocks(*SHELL))
def test_every_command_is_run_by_a_test_or_says_why_not(block: Block) -> None:
    assert not unproved(block), "run it in a test (RUN_BY), or say why not (CANNOT)"


def test_every_test_that_runs_a_command_exists() -> None:
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py")]
    there = {
        name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)
    }
    assert not set(RUN_BY.values()) - there


@pytest.mark.parametrize("command", [one for one in RUN_BY if one.startswith("make ")])
def test_a_make_target_can_be_made(command: str) -> None:
    """What it would run, without running it."""
    subprocess.run([*command.split(), "-n"], cwd=ROOT, check=True, capture_output=True)


def test_the_simulated_azure_runs_alone(tmp_path: Path) -> None:
    state = ["--state", str(tmp_path)]
    command = [sys.executable, "-m", "local.arm", "--port", "0", "--speed", "60", *state]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as azure:
        assert azure.stdout is not None
        said = azure.stdout.readline()
        azure.terminate()
        assert azure.wait(timeout=30) == 0
    assert re.match(r"Simulated Azure at http://127\.0\.0\.1:\d+, time x60, kept in /", said)


def test_a_command_of_pytest_finds_its_tests() -> None:
    told = [one for block in blocks(*SHELL) for one in block.commands if "-m pytest" in one]
    files = [word for one in told for word in one.split() if word.startswith("tests/")]
    assert files
    assert not [file for file in files if not (ROOT / file).exists()]


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {
        (str(page), target)
        for page in pages()
        for target in re.findall(
            r"(?:`|^|\$ )make ([a-z]+)", (ROOT / page).read_text(), re.MULTILINE
        )
    }
    assert told
    assert not [one for one in told if one[1] not in targets]


@pytest.mark.parametrize(
    "block", blocks("json"), ids=lambda block: f"{block.page}: {block.text[:30]!r}"
)
def test_every_json_document_is_valid(block: Block) -> None:
    json.loads(block.text)


def test_an_unknown_command_would_be_found() -> None:
    commands = "NAME=1 OTHER=2\n$ make nothing  # why not\nrm -r \\\n    build\nmake demo\n"
    block = Block("README.md", "bash", commands)
    assert block.commands == ["make nothing", "rm -r build", "make demo"]
    assert unproved(block) == ["make nothing", "rm -r build"]
    assert not unproved(Block("README.md", "bash", "az login\ncurl $API"))
