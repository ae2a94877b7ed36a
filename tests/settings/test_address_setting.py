"""ROLLOUT_ADDRESS: where those that answer the app reach it."""

import pytest

from rollout.base import SettingError
from settings import read_address, why_no_address


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, ""),
        ({"WEBSITE_HOSTNAME": "func-1.azurewebsites.net"}, "https://func-1.azurewebsites.net"),
        ({"WEBSITE_HOSTNAME": "127.0.0.1:7071"}, "http://127.0.0.1:7071"),
        ({"WEBSITE_HOSTNAME": "x", "ROLLOUT_ADDRESS": "https://r.example/"}, "https://r.example"),
        ({"ROLLOUT_ADDRESS": "http://localhost:7071"}, "http://localhost:7071"),
    ],
)
def test_it_is_said_or_known(environment: dict[str, str], address: str) -> None:
    assert read_address(environment) == address
    assert (why_no_address(environment) is None) is bool(address)


@pytest.mark.parametrize(
    "wrong",
    ["http://r.example", "r.example", "https://", "https://r.example?x=1", "https://[", "x"],
)
def test_what_is_none_is_said_with_the_setting(wrong: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_address({"ROLLOUT_ADDRESS": wrong})
    assert repr(wrong) in str(raised.value)
    assert "ROLLOUT_ADDRESS" in (why_no_address({"ROLLOUT_ADDRESS": wrong}) or "")
