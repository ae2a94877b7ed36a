"""docs/pipelines.md: what is copied from it is complete, and names nothing that is not there."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml
from azure_agent import compiled
from github_runner import ACTION
from pages import ROOT, blocks

from rollout.fleet import FleetRolloutRequest

PAGE = "docs/pipelines.md"
TEMPLATE = "pipelines/azure-pipelines.yml@rollout"
OURS = "contoso/vmss-rollout@v1"
BLOCKS = [block.text for block in blocks("yaml") if block.page == PAGE]
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
VARIABLES = ("plan", "id", "phase", "message", "exitCode")

type Json = dict[str, Any]


def uses(document: Any) -> Iterator[Json]:
    """Every step of ours in it, however deep."""
    if isinstance(document, dict):
        fields = cast("Json", document)
        if fields.get("uses") == OURS or fields.get("template") == TEMPLATE:
            yield fields
        for value in fields.values():
            yield from uses(value)
    elif isinstance(document, list):
        for item in cast("list[Any]", document):
            yield from uses(item)


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_is_yaml_and_gives_the_inputs_that_there_are(text: str) -> None:
    document = yaml.safe_load(text)
    for step in uses(document):
        if "uses" in step:
            given = set(step["with"])
            needed = {name for name, of in ACTION["inputs"].items() if of.get("required")}
            assert needed <= given <= set(ACTION["inputs"])
        else:
            assert compiled(step["parameters"])


def test_both_services_are_shown_from_an_image_to_a_rollout() -> None:
    commands = [
        (step.get("with") or step["parameters"])["command"]
        for text in BLOCKS
        for step in uses(yaml.safe_load(text))
    ]
    assert commands == [
        "plan",
        "plan",
        "start",
        "plan",
        "start",
        "plan",
        "start",
        "wait",
        "plan",
        "wait",
    ]


def test_the_file_of_the_fleet_is_a_request_that_the_app_takes() -> None:
    """With names of scale sets, which the command makes ids of."""
    (file,) = (document for text in BLOCKS if "waves" in (document := yaml.safe_load(text)))
    for wave in file["waves"]:
        named = (name.partition("/") for name in wave["scaleSets"])
        wave["scaleSets"] = [
            f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Compute/"
            f"virtualMachineScaleSets/{name}"
            for group, _, name in named
        ]
    file["image"] = {
        "id": file["image"].replace(
            "…", f"{SUBSCRIPTION}/resourceGroups/i/providers/Microsoft.Compute"
        )
    }
    assert len(FleetRolloutRequest.from_request(file).waves) == 2


def test_a_workflow_may_do_what_its_steps_do() -> None:
    """Comment, sign in without a password."""
    for text in BLOCKS:
        document = yaml.safe_load(text)
        allowed = document.get("permissions", {})
        if "pull_request" in text.split("permissions:", maxsplit=1)[0]:
            assert allowed["pull-requests"] == "write"
        if "azure/login" in text:
            assert allowed["id-token"] == "write"


@pytest.mark.parametrize("text", BLOCKS)
def test_an_output_that_is_read_is_one_that_a_step_has(text: str) -> None:
    github = re.findall(r"steps\.plan\.outputs\.([\w-]+)", text)
    azure = re.findall(r"outputs\['rollout\.(\w+)'\]", text)
    assert set(github) <= set(ACTION["outputs"])
    assert set(azure) <= set(VARIABLES)


def test_no_script_of_the_page_has_an_expression_in_it() -> None:
    scripts = re.findall(r"(?:run|bash): *(?:[|>]\n)?((?:.*\n)(?: {10,}.*\n)*)", "".join(BLOCKS))
    assert len(scripts) > 4
    assert not [script for script in scripts if "${{" in script]


def test_every_input_and_parameter_is_on_the_page() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    names = {*ACTION["inputs"], "azureSubscription", "keepSignedIn", "scaleSet", "keepWaiting"}
    assert not [name for name in names if f"`{name}`" not in text]
