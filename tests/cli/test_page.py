"""What docs/cli.md says, the command does."""

import re
import shlex

import typer
import yaml
from command import Person
from pages import ROOT, blocks
from story import System

from vmss_rollout import exits
from vmss_rollout.main import app

PAGE = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
GROUPS = {"fleet", "context"}


def known() -> set[str]:
    """Every command, those of a group with their group's name."""
    commands = getattr(typer.main.get_command(app), "commands", {})
    of_groups = {
        f"{group} {name}" for group in GROUPS for name in getattr(commands[group], "commands", {})
    }
    return (commands.keys() - GROUPS) | of_groups


def typed() -> set[str]:
    """The commands that the pages have in their blocks and sentences."""
    lines = [command for block in blocks("bash") for command in block.commands]
    words = re.findall(r"vmss-rollout ((?:fleet |context )?[\w-]+)", "\n".join([PAGE, *lines]))
    return set(words)


def test_every_command_of_the_page_is_known() -> None:
    assert {"fleet start", "context key", "doctor", "completion", "start"} <= typed()
    assert typed() - known() == {"azure-identity"}  # pipx inject vmss-rollout azure-identity


def test_every_command_is_on_the_page() -> None:
    assert [name for name in known() if f"`{name}" not in PAGE and name.split()[1:] == []] == []


def test_a_first_rollout_is_as_the_page_says(system: System, person: Person) -> None:
    system.scale_set(name="web", updateDomains=2, capacity=2)
    (story,) = re.findall(r"```bash\n(export .*?)```", PAGE, re.DOTALL)
    commands = [line for line in story.splitlines() if line.startswith("vmss-rollout")]
    codes = [person.says(*shlex.split(line)[1:]).code for line in commands]
    assert codes == [0] * 7
    assert system.view("cve-1")["phase"] == "Succeeded"


def test_the_file_of_a_fleet_rollout_is_one() -> None:
    (file,) = re.findall(r"```yaml\n(image: .*?)```", PAGE, re.DOTALL)
    assert [wave["name"] for wave in yaml.safe_load(file)["waves"]] == ["canary", "rest"]


def test_the_exit_codes_are_those_of_the_command() -> None:
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]
    assert codes == [*range(exits.REFUSED + 1), exits.INTERRUPTED]
