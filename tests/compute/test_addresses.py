"""Which addresses the network interfaces of an instance have."""

from typing import Any

from compute.addresses import addresses_of

type Json = dict[str, Any]


def interface(*addresses: str | None, primary: bool = False) -> Json:
    """With these addresses, of which the last one is its primary one."""
    configurations = [
        {"properties": {"primary": each == addresses[-1], "privateIPAddress": each}}
        for each in addresses
    ]
    return {"properties": {"primary": primary, "ipConfigurations": configurations}}


def test_primary_interfaces_and_addresses_come_first() -> None:
    interfaces = [interface("10.1.0.4"), interface("fd00::4", "10.0.0.4", primary=True)]
    assert addresses_of(interfaces) == ["10.0.0.4", "fd00::4", "10.1.0.4"]


def test_what_has_no_address_has_none() -> None:
    bare: list[Json] = [interface(None), {"properties": {"ipConfigurations": [{"name": "x"}]}}, {}]
    assert addresses_of(bare) == []
