"""ROLLOUT_OUTBOUND, and secrets that are named."""

from ipaddress import ip_address

import pytest

from rollout.base import SettingError
from settings import read_outbound, read_secret


def test_networks_and_hosts_are_told_apart() -> None:
    allowed = read_outbound({"ROLLOUT_OUTBOUND": " 10.1.0.0/16, Hooks.Contoso.internal ,fd00::/8"})
    assert allowed.allows("any", ip_address("10.1.2.3"))
    assert not allowed.allows("any", ip_address("10.2.2.3"))
    assert allowed.allows("hooks.contoso.internal", ip_address("10.2.2.3"))
    assert allowed.names("HOOKS.contoso.internal")
    assert allowed.names("10.1.2.3")
    assert not allowed.names("10.2.2.3")


@pytest.mark.parametrize("wrong", ["https://hooks.example", "10.1.0.0/33", "10.1.0.5/16", "a b"])
def test_what_is_neither_is_said_with_the_setting(wrong: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_outbound({"ROLLOUT_OUTBOUND": wrong})
    (error,) = raised.value.errors
    assert error.path == "ROLLOUT_OUTBOUND"
    assert repr(wrong) in error.message


@pytest.mark.parametrize("network", ["127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/0", "::/0"])
def test_in_azure_the_platforms_own_addresses_cannot_be_allowed(network: str) -> None:
    with pytest.raises(SettingError, match="are the platform's"):
        read_outbound({"ROLLOUT_OUTBOUND": network, "WEBSITE_SITE_NAME": "app"})


def test_a_secret_is_read_by_its_name() -> None:
    environment = {"ROLLOUT_SECRET_CHAT": "s3", "ROLLOUT_SECRET_VAULT": "@Microsoft.KeyVault(x)"}
    assert read_secret("CHAT", environment) == "s3"
    with pytest.raises(LookupError, match="set the app setting ROLLOUT_SECRET_OTHER"):
        read_secret("OTHER", environment)
    with pytest.raises(LookupError, match="a Key Vault that gave no secret"):
        read_secret("VAULT", environment)
