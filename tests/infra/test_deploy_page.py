"""docs/deploy.md tells of infra/ what is there."""

import json
import re
import subprocess

import pytest
from bicep import INFRA, called, template, text

PAGE = (INFRA.parent / "docs/deploy.md").read_text()
MAIN = template(INFRA / "main.bicep")
PARAMETERS = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
BLOCKS = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


def row(name: str) -> str:
    """The line of the table of parameters for one of them."""
    parameter = MAIN.all("param")[name]
    variable = PARAMETERS[name]["value"].strip("${}").partition("=")[0]
    default = text(parameter.value).strip("'") if parameter.value else None
    shown = "azd asks" if default is None else f"`{default}`" if default else "none"
    (what,) = called(parameter.decorators["description"], "description")
    return f"| `{variable}` | {shown} | {what} |"


def test_the_table_has_every_parameter_with_its_default_and_what_it_says() -> None:
    table = PAGE.partition("## Parameters")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert rows == [row(name) for name in MAIN.all("param")]


def test_the_variables_it_sets_and_the_values_it_gets_exist() -> None:
    known = {*re.findall(r"\$\{([A-Z_]+)", json.dumps(PARAMETERS)), "IMAGE_EVENTS_BELOW"}
    outputs = set(MAIN.all("output"))
    assert set(re.findall(r"azd env set (\w+)", PAGE)) <= known
    assert set(re.findall(r"azd env get-value (\w+)", PAGE)) <= outputs


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_its_commands_are_shell(number: int) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=BLOCKS[number], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_files_and_hooks_it_names_exist() -> None:
    named = set(re.findall(r"(?:tests/)?\binfra/[\w./-]+", PAGE))
    missing = [one for one in named if not (INFRA.parent / one).exists()]
    assert named
    assert {one for one in missing if not (INFRA.parent / f"{one}.sh").exists()} == set()


def test_the_roles_it_names_are_those_there_are() -> None:
    rights = (INFRA / "modules/rights.bicep").read_text()
    roles = set(re.findall(r"roleName: '(.+?) \(\$\{owner\}\)'", rights))
    assert roles == set(re.findall(r"^\| `(VMSS Rollout[\w ]*)` \|", PAGE, re.MULTILINE))
