"""The setting for which hosts inside a network gates, hooks and news may reach."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from rollout.base import FieldError, SettingError
from settings.secrets import BoundSecret, read_bound_secrets

OUTBOUND_SETTING = "ROLLOUT_OUTBOUND"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", re.IGNORECASE)


@dataclass(frozen=True)
class Outbound:
    """Where calls to addresses that users name may go beside the public internet."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()
    """In small letters; whichever private addresses these have."""
    bound: tuple[BoundSecret, ...] = ()
    """Secrets that go to some hosts only."""

    def allows(self, host: str, address: IPv4Address | IPv6Address) -> bool:
        """Whether an address inside a network was allowed, or the host that has it."""
        inside = any(address in network for network in self.networks)
        return inside or (host.casefold() in self.hosts and not address.is_loopback)

    def names(self, host: str) -> bool:
        """Whether the host itself was allowed: by its name, or by its address."""
        try:
            return self.allows(host, ipaddress.ip_address(host))
        except ValueError:
            return host.casefold() in self.hosts


def read_outbound(environment: Mapping[str, str] = os.environ) -> Outbound:
    """What the setting allows: networks (CIDR) and names of hosts, with commas between them; and
    which secrets are bound to hosts. Raises SettingError.
    """
    parts = [part.strip() for part in environment.get(OUTBOUND_SETTING, "").split(",")]
    networks: list[IPv4Network | IPv6Network] = []
    hosts: set[str] = set()
    for part in filter(None, parts):
        try:
            networks.append(ipaddress.ip_network(part))
        except ValueError:
            hosts.add(_host(part))
    if environment.get("WEBSITE_SITE_NAME") and any(_of_the_platform(each) for each in networks):
        raise _wrong("in Azure, loopback and link-local are the platform's: leave them out")
    return Outbound(tuple(networks), frozenset(hosts), read_bound_secrets(environment))


def _host(part: str) -> str:
    if not _HOST.fullmatch(part) or part.replace(".", "").isdigit():
        raise _wrong(
            f"{part!r} is neither a network, such as 10.1.0.0/16, nor the name of a host, such as "
            "hooks.contoso.internal"
        )
    return part.casefold()


def _of_the_platform(network: IPv4Network | IPv6Network) -> bool:
    own = ("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10")
    others = (ipaddress.ip_network(each) for each in own)
    return any(network.version == each.version and network.overlaps(each) for each in others)  # pyright: ignore[reportArgumentType]


def _wrong(why: str) -> SettingError:
    message = f"{OUTBOUND_SETTING} is not valid: {why}"
    return SettingError([FieldError(path=OUTBOUND_SETTING, message=message)])
