"""Every setting the app reads is set in Azure or left out for a reason, and no other is set."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from azure.identity._constants import EnvironmentVariables
from bicep import INFRA, literal, properties, template

from rollout.access import AccessRules
from rollout.news import NO_NEWS
from settings import (
    read_access_rules,
    read_calendar,
    read_follow_rules,
    read_news_rules,
)

ROOT = INFRA.parent
DEPLOYED = [
    "function_app.py",
    "activities",
    "compute",
    "orchestrators",
    "rollout",
    "triggers",
    "durable",
    "settings",
]
READERS = sorted((ROOT / "settings").glob("*.py"))
NAMED_IN = [
    *(
        ROOT / f"settings/{name}.py"
        for name in (
            "access",
            "address",
            "app",
            "follow",
            "news",
            "outbound",
            "retention",
            "secrets",
            "windows",
        )
    ),
    ROOT / "rollout/inventory/scope.py",
]
SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")

BY_AZURE_IDENTITY = {"AZURE_CLIENT_ID"}
SET_BY_AZURE = {
    "IDENTITY_ENDPOINT",
    "WEBSITE_AUTH_ENABLED",
    "WEBSITE_HOSTNAME",
    "WEBSITE_SITE_NAME",
}
OF_OTHER_IDENTITIES = {"AZURE_TENANT_ID"}
BY_THE_WORKER = {
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY",
    "PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME",
    "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS",
}
LEFT_OUT = {
    "MONITOR_ENDPOINT": "the cloud's own is right; the setting is for the simulated Azure",
    "ARM_ENDPOINT": "the cloud's own is right; the setting is for the simulated Azure",
    "AZURE_AUTHORITY_HOST": "the cloud's own is right; App Service's managed identity needs none",
}
OF_THE_HOST = {
    "AzureWebJobsDisableHomepage": "no page of the platform's at /",
    "AzureWebJobsStorage__accountName": "some hosts did not come up with the addresses alone",
    "AzureWebJobsStorage__credential": "identity, not a key",
    "AzureWebJobsStorage__clientId": "whose",
    "AzureWebJobsStorage__blobServiceUri": "where the host leases, and keeps its keys",
    "AzureWebJobsStorage__queueServiceUri": "where Durable Functions has its work items",
    "AzureWebJobsStorage__tableServiceUri": "where Durable Functions has its history",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "where telemetry goes",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "as whom; local authentication is off",
}


def sources() -> Iterator[Path]:
    for name in DEPLOYED:
        place = ROOT / name
        yield from [place] if place.is_file() else place.rglob("*.py")


def read_by_the_app() -> set[str]:
    """Every text in the files that know settings that looks like the name of one."""
    nodes = [node for file in NAMED_IN for node in ast.walk(ast.parse(file.read_text()))]
    texts = {one.value for one in nodes if isinstance(one, ast.Constant)}
    return {one for one in texts if isinstance(one, str) and SETTING.fullmatch(one)}


def documented() -> set[str]:
    page = (ROOT / "docs/settings.md").read_text()
    return set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def variable(file: str, name: str) -> set[str]:
    """The names in a variable that is an object."""
    value = template(INFRA / file).all("var")[name].value
    assert value
    return set(properties(value))


def test_settings_are_read_in_one_place() -> None:
    found = [file for file in sources() if re.search(r"\benviron\b|\bgetenv\b", file.read_text())]
    assert found
    assert set(found) <= set(READERS)


def test_azure_identity_reads_the_client_id_by_itself() -> None:
    assert {EnvironmentVariables.AZURE_CLIENT_ID} == BY_AZURE_IDENTITY


def test_what_is_read_is_documented_and_nothing_else() -> None:
    assert read_by_the_app() >= SET_BY_AZURE
    others = BY_AZURE_IDENTITY | BY_THE_WORKER
    assert documented() == (read_by_the_app() | others) - SET_BY_AZURE - OF_OTHER_IDENTITIES


def test_what_is_documented_is_set_or_left_out_for_a_reason() -> None:
    set_here = variable("main.bicep", "appSettings")
    assert set_here == documented() - set(LEFT_OUT) - set(OF_THE_HOST)


def test_beyond_them_only_what_the_host_reads_is_set() -> None:
    assert variable("modules/function-app.bicep", "hostSettings") == set(OF_THE_HOST)


def test_every_logger_of_the_app_is_below_the_one_that_is_exported() -> None:
    """The host drops the worker's lines when the worker exports its own."""
    value = template(INFRA / "main.bicep").all("var")["appSettings"].value
    assert value
    exported = literal(properties(value)["PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME"])
    named = {
        name
        for file in sources()
        for name in re.findall(r'getLogger\("([^"]+)"\)', file.read_text())
    }
    assert named
    of_libraries = {"azure.mgmt"}  # made quiet, not written to
    assert {name for name in named if name.partition(".")[0] != exported} == of_libraries


def test_the_files_with_policies_and_waves_can_be_read() -> None:
    files = {"ROLLOUT_POLICIES": "policies.json", "ROLLOUT_WAVES": "waves.json"}
    told = {name: (INFRA / file).read_text() for name, file in files.items()}
    assert read_follow_rules(told).newer_image == "queue"


def test_the_files_with_windows_and_freezes_can_be_read_and_hold_nothing_up() -> None:
    files = {"ROLLOUT_WINDOWS": "windows.json", "ROLLOUT_FREEZES": "freezes.json"}
    assert read_calendar({name: (INFRA / file).read_text() for name, file in files.items()}).empty


def test_the_file_with_secrets_names_none() -> None:
    assert json.loads((INFRA / "secrets.json").read_text()) == {}


def test_the_file_with_roles_can_be_read_and_names_none() -> None:
    roles = {"ROLLOUT_ROLES": (INFRA / "roles.json").read_text()}
    assert read_access_rules(roles) == AccessRules()


def test_the_file_with_receivers_of_news_can_be_read_and_names_none() -> None:
    assert read_news_rules({"ROLLOUT_NEWS": (INFRA / "news.json").read_text()}) == NO_NEWS
