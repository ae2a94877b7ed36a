"""The layout that azd, the Azure Developer CLI, goes by."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from bicep import INFRA, items, literal, properties, template, text

ROOT = INFRA.parent
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "azure.yaml").read_text())
MAIN = template(INFRA / "main.bicep")
PARAMETERS: dict[str, dict[str, str]] = json.loads((INFRA / "main.parameters.json").read_text())[
    "parameters"
]
MAPPED = re.compile(r"\$\{([A-Z][A-Z_]*)(?:=([^}]+))?\}")
PHASES = {"provision", "deploy", "package", "restore", "up", "down", "publish"}
OF_AZD = {"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_SUBSCRIPTION_ID"}
OPTIONAL = {"IMAGE_EVENTS_BELOW"}
BY_A_HOOK = {"MANAGEMENT_GROUP_ROLE"}
HOOKS = [one[system]["run"] for one in PROJECT["hooks"].values() for system in one]


def test_the_app_is_one_service_in_the_root() -> None:
    assert PROJECT["services"] == {
        "api": {"project": ".", "language": "python", "host": "function", "remoteBuild": True}
    }
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*[a-z0-9]", PROJECT["name"])


def test_azd_is_one_that_knows_where_to_build() -> None:
    """`remoteBuild` of a function came with azd 1.23.5 (Azure/azure-dev pull request 6748)."""
    assert PROJECT["requiredVersions"] == {"azd": ">= 1.23.5"}


def test_the_function_app_has_the_tag_by_which_azd_finds_it() -> None:
    app = template(INFRA / "modules/function-app.bicep").all("resource")["app"]
    (_, own) = app.body["tags"].named_children[1].named_children
    assert {name: literal(one) for name, one in properties(own).items()} == {
        "azd-service-name": "api"
    }


def test_everything_has_the_tag_of_the_environment() -> None:
    tags = MAIN.all("var")["tags"].value
    assert tags
    assert {name: text(one) for name, one in properties(tags).items()} == {
        "azd-env-name": "environmentName"
    }
    assert text(MAIN.all("resource")["group"].body["tags"]) == "tags"
    untagged = [
        one.name
        for one in MAIN.all("module").values()
        if "tags" in template(INFRA / one.of).all("param")
        and text(properties(one.body["params"])["tags"]) != "tags"
    ]
    assert untagged == []


def test_main_is_for_a_subscription_and_asks_for_name_and_place() -> None:
    assert MAIN.scope == "subscription"
    asked = {name for name, one in MAIN.all("param").items() if one.value is None}
    assert asked == {"environmentName", "location"}
    assert PARAMETERS["environmentName"]["value"] == "${AZURE_ENV_NAME}"
    assert PARAMETERS["location"]["value"] == "${AZURE_LOCATION}"


def test_every_parameter_is_set_by_a_variable_of_the_environment() -> None:
    assert set(PARAMETERS) == set(MAIN.all("param"))
    variables = [MAPPED.fullmatch(one["value"]) for one in PARAMETERS.values()]
    names = [one[1] for one in variables if one]
    assert len(set(names)) == len(PARAMETERS)


@pytest.mark.parametrize("name", sorted(set(PARAMETERS) - {"environmentName", "location"}))
def test_a_variable_that_is_not_set_means_the_default(name: str) -> None:
    """Older versions of azd hand on an empty text for it, which is not one of those allowed."""
    default = MAIN.all("param")[name].value
    mapped = MAPPED.fullmatch(PARAMETERS[name]["value"])
    assert default
    assert mapped
    assert (mapped[2] or "") == text(default).strip("'")


def test_outputs_are_named_as_variables() -> None:
    outputs = MAIN.all("output")
    assert [name for name in outputs if not re.fullmatch(r"[A-Z][A-Z_]+", name)] == []


def test_the_command_for_a_key_names_the_subscription() -> None:
    """The Azure CLI's own may be another than azd's."""
    command = MAIN.all("output")["FUNCTION_KEY_COMMAND"].value
    assert command
    assert " --subscription ${subscription().subscriptionId} " in text(command)


def test_hooks_are_for_phases_that_azd_has() -> None:
    assert {re.sub("^(pre|post)", "", name) for name in PROJECT["hooks"]} <= PHASES
    for hook in PROJECT["hooks"].values():
        assert set(hook) == {"posix", "windows"}
        assert (hook["posix"]["shell"], hook["windows"]["shell"]) == ("sh", "pwsh")
        twins = hook["posix"]["run"], hook["windows"]["run"]
        assert twins[0].removesuffix(".sh") == twins[1].removesuffix(".ps1")


def test_the_hooks_are_those_there_are() -> None:
    assert {ROOT / one for one in HOOKS} == set((INFRA / "hooks").iterdir())


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_uses_only_what_azd_knows(hook: str) -> None:
    """azd hands its own variables on, those that were set, and the outputs of main.bicep."""
    script = (ROOT / hook).read_text()
    used = set(re.findall(r"\$(?:env:|\{)?([A-Z][A-Z_]+)\b", script))
    assert used - {"LASTEXITCODE"} <= OF_AZD | OPTIONAL | BY_A_HOOK | set(MAIN.all("output"))


def test_the_package_is_the_same_for_azd_as_for_core_tools() -> None:
    """azd takes .funcignore for a .gitignore, and leaves .funcignore itself out."""
    files = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    ignored = ["git", "ls-files", "--cached", "--others", "-i", "--exclude-from=.funcignore"]
    listed, left_out = (
        set(
            subprocess.run(one, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        )
        for one in (files, ignored)
    )
    assert {one.partition("/")[0] for one in listed - left_out} == {
        ".funcignore", "activities", "compute", "dashboard", "durable", "function_app.py",
        "host.json", "monitor", "orchestrators", "outbound", "requirements.txt", "rollout",
        "settings", "triggers",
    }  # fmt: skip
    page = (ROOT / "docs/deploy.md").read_text()
    (zipped,) = re.findall(r"^zip -qrFS /tmp/app.zip (.*) -x ", page, re.MULTILINE)
    assert {*zipped.split(), ".funcignore"} == {
        one.partition("/")[0] for one in listed - left_out
    }, "without azd"
    deployed = {
        "activities", "compute", "durable", "monitor", "orchestrators", "outbound", "rollout",
        "settings", "triggers",
    }  # fmt: skip
    assert [one for one in left_out if one.endswith(".py") and one.split("/")[0] in deployed] == []


def test_memory_is_one_that_flex_consumption_has() -> None:
    (allowed,) = MAIN.all("param")["instanceMemoryMB"].decorators["allowed"].named_children[1:]
    assert [text(one) for one in items(allowed.named_children[0])] == ["512", "2048", "4096"]


def test_the_event_subscription_names_a_function_of_the_app() -> None:
    """Azure refuses a subscription to what is not there."""
    named = re.findall(r"/functions/(\w+)", (INFRA / "event-subscription.bicep").read_text())
    code = "import function_app as f; print(*(one._name for one in f.app.get_functions()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert named
    assert set(named) <= set(done.stdout.split())


def test_people_without_azd_set_the_same_variables_with_the_same_defaults() -> None:
    page = (INFRA / "without-azd/main.bicepparam").read_text()
    found = re.findall(r"^param (\w+) = .*?readEnvironmentVariable\((.*?)\)", page, re.MULTILINE)
    given = {name: re.findall(r"'(.*?)'", arguments) for name, arguments in found}
    assert list(given) == list(PARAMETERS)
    for name, one in PARAMETERS.items():
        mapped = MAPPED.fullmatch(one["value"])
        assert mapped
        optional = MAIN.all("param")[name].value is not None
        assert given[name] == ([mapped[1], mapped[2] or ""] if optional else [mapped[1]])


def test_azd_does_not_find_the_parameters_of_people_without_it() -> None:
    """Beside main.bicep it would take them, and not ask for what is missing."""
    assert list(INFRA.glob("*.bicepparam")) == []
