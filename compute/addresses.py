"""The private addresses of instances, which their network interfaces have.

Read as plain JSON through the client that is there already: azure-mgmt-network takes seconds and
300 MB to import (docs/adr/0045-what-hooks-are-told.md). The shapes are those of its models; none of
these answers was recorded.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from compute.arm_json import API_VERSION, list_json
from compute.errors import explained
from compute.instances import AT_ONCE, get_if_there, path_of, vm_path
from compute.json_body import Body, dig, dig_list
from compute.waiting import shared
from rollout.inventory import ScaleSetId

_OF_SCALE_SETS, _OF_NETWORK = "2018-10-01", "2024-05-01"
"""Of Microsoft.Network. The first is what every current SDK sends for the interfaces of Uniform
scale sets: they have no newer one.
"""
_INSTANCE = re.compile(r"/virtualMachines/([^/]+)/networkInterfaces/", re.IGNORECASE)


def private_addresses(
    scale_set: ScaleSetId, instance_ids: Collection[str], *, flexible: bool
) -> dict[str, list[str]]:
    """By instance, the primary one first; none for one that is gone or has none. Of a Uniform scale
    set one paged list; of a Flexible one two calls for each instance. Raises ArmFailure.
    """
    if not flexible:
        return _listed(scale_set, instance_ids)

    def read(name: str) -> list[str]:
        return addresses_of(_interfaces_of_vm(scale_set, name))

    with ThreadPoolExecutor(AT_ONCE, initializer=shared()) as pool:
        return dict(zip(instance_ids, pool.map(read, instance_ids), strict=True))


def _listed(scale_set: ScaleSetId, instance_ids: Collection[str]) -> dict[str, list[str]]:
    url = f"{path_of(scale_set)}/networkInterfaces?api-version={_OF_SCALE_SETS}"
    found: dict[str, list[Body]] = {each: [] for each in instance_ids}
    with explained("list the network interfaces of", str(scale_set)):
        for interface in list_json(scale_set.subscription, url):
            match = _INSTANCE.search(interface.get("id") or "")
            if match and match[1] in found:
                found[match[1]].append(interface)
    return {each: addresses_of(interfaces) for each, interfaces in found.items()}


def _interfaces_of_vm(scale_set: ScaleSetId, name: str) -> list[Body]:
    vm = get_if_there(scale_set, vm_path(scale_set, name), f"api-version={API_VERSION}")
    ids = [each["id"] for each in dig_list(vm, "properties", "networkProfile", "networkInterfaces")]
    query = f"api-version={_OF_NETWORK}"
    read = [get_if_there(scale_set, quote(each, safe="/()"), query) for each in ids]
    return [interface for interface in read if interface]


def addresses_of(interfaces: Iterable[Mapping[str, Any]]) -> list[str]:
    """Those of primary interfaces first, and of each one its primary one first."""
    configurations = [
        configuration
        for interface in sorted(interfaces, key=_is_secondary)
        for configuration in sorted(
            dig_list(interface, "properties", "ipConfigurations"), key=_is_secondary
        )
    ]
    found = [dig(each, "properties", "privateIPAddress") for each in configurations]
    return [address for address in found if address]


def _is_secondary(body: Mapping[str, Any]) -> bool:
    return not dig(body, "properties", "primary")
