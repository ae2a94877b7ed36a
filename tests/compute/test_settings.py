"""The app's settings."""

import pytest

from compute.settings import PUBLIC_CLOUD, Settings, read_settings


def test_without_settings_it_is_the_public_cloud() -> None:
    assert read_settings({}) == Settings(PUBLIC_CLOUD, insecure=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_is_taken_on_loopback(host: str) -> None:
    url = f"http://{host}:7072"
    assert read_settings({"ARM_ENDPOINT": f"{url}/"}) == Settings(url, insecure=True)


@pytest.mark.parametrize(
    "endpoint", ["http://management.azure.com", "http://127.0.0.1.evil.com", "ftp://x", "x", ""]
)
def test_any_other_endpoint_is_refused_with_what_to_set(endpoint: str) -> None:
    with pytest.raises(ValueError, match="set it to an https URL such as"):
        read_settings({"ARM_ENDPOINT": endpoint})


def test_the_subscription_to_show_may_be_set() -> None:
    assert read_settings({"AZURE_SUBSCRIPTION_ID": "a-b-c"}).subscription == "a-b-c"


@pytest.mark.parametrize("environment", [{}, {"AZURE_SUBSCRIPTION_ID": ""}])
def test_without_a_subscription_there_is_none_to_show(environment: dict[str, str]) -> None:
    assert read_settings(environment).subscription is None
