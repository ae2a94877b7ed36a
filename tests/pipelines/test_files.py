"""action.yml and the template, as files: what their schemas and our rules ask of them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from azure_agent import TEMPLATE, compiled
from github_runner import ACTION
from pipeline_run import ROOT

SCRIPTS = sorted((ROOT / "pipelines").glob("*.sh"))
KEYS = {"name", "id", "shell", "env", "run"}
"""The keys of a composite action's `run` step that we use."""
SECRET = {"github-token"}
OWN = {"name", "azureSubscription", "keepSignedIn"}
"""What only Azure Pipelines needs: a name for the variables, and who signs in."""


def title(name: str) -> str:
    """scale-set as Azure Pipelines writes it: scaleSet."""
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def test_the_action_has_what_the_metadata_syntax_asks_for() -> None:
    assert set(ACTION) == {
        "name", "description", "author", "branding", "inputs", "outputs", "runs",
    }  # fmt: skip
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert set(step) <= KEYS
        assert step["shell"] == "bash"
    for of in ACTION["inputs"].values():
        assert set(of) <= {"description", "required", "default"}
        assert of["description"].endswith(".")
        assert of.get("required") or isinstance(of["default"], str)
    assert all(set(of) == {"description", "value"} for of in ACTION["outputs"].values())


def test_every_input_gets_to_the_step_and_in_the_environment_only() -> None:
    runs = [step["run"] for step in ACTION["runs"]["steps"]]
    assert not [run for run in runs if "${{" in run]
    values = ACTION["runs"]["steps"][-1]["env"].values()
    assert {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]} == set(values)


def test_every_output_is_one_that_the_step_gives() -> None:
    written = "".join(file.read_text() for file in (ROOT / "pipelines").glob("*.py"))
    for name, of in ACTION["outputs"].items():
        assert of["value"] == f"${{{{ steps.rollout.outputs.{name} }}}}"
        assert f'"{name}"' in written


def steps(subscription: str = "") -> list[dict[str, Any]]:
    return compiled({"app": "https://x", "azureSubscription": subscription})


@pytest.mark.parametrize("subscription", ["", "connection"])
def test_no_script_of_the_template_has_an_expression_in_it(subscription: str) -> None:
    """Neither one for when it is compiled nor one for when it runs."""
    text = (ROOT / "pipelines" / "azure-pipelines.yml").read_text(encoding="utf-8")
    for step in steps(subscription):
        script: str = step.get("bash") or step.get("inputs", {}).get("inlineScript", "")
        assert not re.search(r"\$\(|\$\{\{", script)
        assert all(line in text for line in script.splitlines())


def test_the_template_uses_nothing_that_azure_pipelines_cannot_read() -> None:
    """No anchors: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema says so."""
    text = (ROOT / "pipelines" / "azure-pipelines.yml").read_text(encoding="utf-8")
    assert not re.search(r"^[^#]*: [&*]\w", text, re.MULTILINE)
    assert set(TEMPLATE) == {"parameters", "steps"}
    for of in TEMPLATE["parameters"]:
        assert set(of) <= {"name", "type", "default", "values"}


def test_whoever_signs_in_the_step_gets_the_same() -> None:
    by_key, by_connection = (
        next(step for step in steps(who) if step.get("name") == "rollout")
        for who in ("", "connection")
    )
    assert by_key["env"] == by_connection["env"]
    assert by_connection["task"] == "AzureCLI@2"
    assert by_connection["inputs"]["azureSubscription"] == "connection"
    assert by_connection["inputs"]["inlineScript"] == by_key["bash"]


def test_both_services_take_the_same() -> None:
    declared = {of["name"] for of in TEMPLATE["parameters"]}
    assert declared - OWN == {title(name) for name in set(ACTION["inputs"]) - SECRET}
    github, azure = (ACTION["runs"]["steps"][-1]["env"], steps()[-2]["env"])
    assert set(github) - {"GITHUB_TOKEN"} == set(azure) - {"SYSTEM_ACCESSTOKEN"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_shellcheck_has_nothing_to_say(script: Path) -> None:
    checker = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run([checker, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "\nset -euo pipefail\n" in script.read_text()
