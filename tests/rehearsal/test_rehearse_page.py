"""What docs/rehearse.md says, the command does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Person
from pages import ROOT, blocks

from local.arm.example import add_example_fleet
from local.base.clock import ManualClock
from local.system import System
from vmss_rollout import exits
from vmss_rollout.rehearsal.faults import KINDS, misfortunes

PAGE = (ROOT / "docs/rehearse.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """What `make local` runs."""
    with System(ManualClock(), tmp_path_factory.mktemp("state")) as system:
        add_example_fleet(system.azure)
        yield system


def commands() -> list[list[str]]:
    told = [
        line
        for block in blocks("bash")
        if block.page == "docs/rehearse.md"
        for line in block.commands
    ]
    return [shlex.split(line.partition(" || ")[0]) for line in told if "rehearse " in line]


def test_the_commands_of_the_page_do_what_it_says(example: System, tmp_path: Path) -> None:
    person = Person({"VMSS_ROLLOUT_APP": example.host.url}, tmp_path / "config.yaml")
    codes = [person.says(*words[1:]).code for words in commands()]
    assert codes == [0, exits.ROLLED_BACK]


def test_every_fault_is_on_the_page_and_every_one_there_is_taken() -> None:
    table = PAGE.partition("| `--fault` |")[2].partition("\n\n")[0]
    typed = [shlex.split(word)[0] for word in re.findall(r"`([^`]+)`", table) if "--" not in word]
    for fault in typed:
        assert misfortunes([fault], ["3", "7"]), fault
    assert [name for name in KINDS if name not in table] == []


def test_the_page_names_every_option() -> None:
    options = {"--show", "--instances", "--views", "--fault", "--upgrade", "--boot", "--approve",
               "--keep-waiting", "--preset", "--policy", "--set", "-o"}  # fmt: skip
    assert [option for option in options if option not in PAGE] == []
