"""The app's settings, and what the SDK makes of them."""

from typing import Any

import pytest

from compute.client import connect
from rollout.base import SettingError
from settings import Settings, read_settings
from settings.cloud import Cloud


@pytest.mark.parametrize("name", ["ARM_ENDPOINT", "AZURE_ENVIRONMENT", "AZURE_SUBSCRIPTION_ID"])
def test_without_settings_it_is_the_public_cloud(name: str) -> None:
    assert read_settings({}) == read_settings({name: ""}) == Settings(Cloud.PUBLIC)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_is_taken_on_loopback(host: str) -> None:
    settings = read_settings({"ARM_ENDPOINT": f"http://{host}:7072/"})
    assert (settings.arm_endpoint, settings.insecure) == (f"http://{host}:7072", True)


@pytest.mark.parametrize(
    "endpoint", ["http://management.azure.com", "http://127.0.0.1.evil.com", "ftp://x", "x"]
)
def test_any_other_endpoint_is_refused_with_what_to_set(endpoint: str) -> None:
    with pytest.raises(SettingError, match="set it to an https URL"):
        read_settings({"ARM_ENDPOINT": endpoint})


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("AzureCloud", Cloud.PUBLIC),
        ("AzurePublicCloud", Cloud.PUBLIC),
        ("azureusgovernment", Cloud.US_GOVERNMENT),
        ("AzureUSGovernmentCloud", Cloud.US_GOVERNMENT),
        ("AZURECHINACLOUD", Cloud.CHINA),
    ],
)
def test_a_cloud_is_known_by_its_names_in_any_case(name: str, cloud: Cloud) -> None:
    assert read_settings({"AZURE_ENVIRONMENT": name}).cloud is cloud


def test_an_unknown_cloud_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingError, match="AzureCloud, AzureUSGovernment, AzureChinaCloud"):
        read_settings({"AZURE_ENVIRONMENT": "AzureGermanCloud"})


CLOUDS = {
    "AzureCloud": ("https://management.azure.com", "https://management.azure.com/.default"),
    "AzureUSGovernment": (
        "https://management.usgovcloudapi.net",
        "https://management.core.usgovcloudapi.net/.default",
    ),
    "AzureChinaCloud": (
        "https://management.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
    ),
}


@pytest.mark.parametrize("name", CLOUDS)
def test_the_client_speaks_to_its_cloud(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SDK attributes without a public face: there is no other way to ask without a network."""
    monkeypatch.delenv("ARM_ENDPOINT", raising=False)
    monkeypatch.setenv("AZURE_ENVIRONMENT", name)
    config = connect("s-1")._config  # pyright: ignore[reportPrivateUsage]
    assert (config.base_url, config.credential_scopes[0]) == CLOUDS[name]
    assert config.subscription_id == "s-1"


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("AzureCloud", "login.microsoftonline.com"),
        ("AzureUSGovernment", "login.microsoftonline.us"),
        ("AzureChinaCloud", "login.chinacloudapi.cn"),
    ],
)
def test_each_cloud_has_its_own_host_to_sign_in(name: str, host: str) -> None:
    assert read_settings({"AZURE_ENVIRONMENT": name}).cloud.authority == host


def test_an_authority_that_is_set_wins() -> None:
    settings = read_settings(
        {"AZURE_ENVIRONMENT": "AzureChinaCloud", "AZURE_AUTHORITY_HOST": "login.example"}
    )
    assert (settings.cloud, settings.authority) == (Cloud.CHINA, "login.example")


@pytest.mark.parametrize("host", ["http://login.example", "login.example:443"])
def test_an_authority_that_is_none_is_refused_with_what_to_set(host: str) -> None:
    with pytest.raises(SettingError, match=r"AZURE_AUTHORITY_HOST is .* set it to an https URL"):
        read_settings({"AZURE_AUTHORITY_HOST": host})


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"AZURE_ENVIRONMENT": "AzureUSGovernment"}, "https://login.microsoftonline.us"),
        (
            {"AZURE_ENVIRONMENT": "AzureChinaCloud", "AZURE_AUTHORITY_HOST": "login.example"},
            "https://login.example",
        ),
    ],
)
def test_the_credential_signs_in_there(
    settings: dict[str, str], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = {"AZURE_TENANT_ID": "t-1", "AZURE_CLIENT_ID": "c-1", "AZURE_CLIENT_SECRET": "s-1"}
    monkeypatch.delenv("AZURE_TOKEN_CREDENTIALS", raising=False)
    # Credentials are made once per settings: this identity endpoint is this test's alone.
    for name, value in {**settings, **app, "IDENTITY_ENDPOINT": "http://127.0.0.1:1/none"}.items():
        monkeypatch.setenv(name, value)
    config: Any = connect("s-2")._config  # pyright: ignore[reportPrivateUsage]
    (by_secret, *_) = config.credential.current.credentials
    assert by_secret._credential._authority == host


def test_the_subscription_to_show_may_be_set() -> None:
    assert read_settings({"AZURE_SUBSCRIPTION_ID": "a-b-c"}).subscription == "a-b-c"


def test_every_wrong_setting_is_named() -> None:
    with pytest.raises(SettingError) as raised:
        read_settings({"AZURE_ENVIRONMENT": "x", "ARM_ENDPOINT": "x", "AZURE_SUBSCRIPTION_ID": "/"})
    assert [error.path for error in raised.value.errors] == [
        "AZURE_ENVIRONMENT", "ARM_ENDPOINT", "AZURE_SUBSCRIPTION_ID",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, ["IDENTITY_ENDPOINT"]),
        ({"IDENTITY_ENDPOINT": "http://localhost:42356/msi/token"}, []),
        ({"AZURE_TENANT_ID": "t-1"}, []),
    ],
)
def test_in_azure_it_needs_an_identity(more: dict[str, str], wrong: list[str]) -> None:
    named: list[str] = []
    try:
        read_settings({"WEBSITE_SITE_NAME": "rollout", **more})
    except SettingError as error:
        named = [one.path for one in error.errors]
    assert named == wrong
