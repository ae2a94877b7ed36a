"""Which addresses a call to a host that a user named may end at."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address

from yarl import URL

from settings import OUTBOUND_SETTING, Outbound

type _Address = IPv4Address | IPv6Address

_PLATFORM = frozenset({
    ipaddress.ip_address("168.63.129.16"),  # Azure's own, see its "What is IP address …?"
    ipaddress.ip_address("169.254.169.254"),  # the instance metadata service
    ipaddress.ip_address("fd00:ec2::254"),  # the same of another cloud, through a tunnel
})  # fmt: skip
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
"""The last part of no host's name: some resolvers take it for an address (WHATWG URL, "host")."""
_CARRIES_IPV4 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96")))
"""Which networks translate: NAT64 (RFC 6052), and SIIT (RFC 2765)."""


def url_refusal(url: str, allowed: Outbound) -> str | None:
    """Why that address will never be called, in one sentence; None if nothing is known against it
    before its name is looked up. No more of it is said than its host: the rest may be secret, and
    what has no host may be a secret that is no address.
    """
    try:
        parsed = URL(url)
        host = parsed.host
    except ValueError:
        return "the address is no URL: give one such as https://hooks.contoso.com/gate"
    if host is None or parsed.scheme not in {"https", "http"}:
        return "it is no address of a web server: give one that begins with https://"
    if parsed.user is not None or parsed.password is not None:
        return f"the address of {host} has a user or a password in it: name a secret in a header"
    if parsed.scheme == "http" and not allowed.names(host):
        return (
            f"{host} would be called without encryption: use https, or allow the host in "
            f"{OUTBOUND_SETTING} if it is inside your network"
        )
    return _refused_host(host, allowed)


def _refused_host(host: str, allowed: Outbound) -> str | None:
    if _is_address(host):
        return refused_address(host, host, allowed)
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return f"{host!r} is an odd way to write an address: write its name, or 10.1.2.3"
    return None


def refused_address(host: str, text: str, allowed: Outbound) -> str | None:
    """Why a host with that address is not called; None if it may be. Raises ValueError where the
    text is no address.
    """
    address = _embedded(ipaddress.ip_address(text))
    if address in _PLATFORM or address.is_link_local:
        return f"{host} is at {address}, which belongs to the platform: no gate, hook or news may"
    if address.is_multicast or address.is_unspecified or _is_old(address):
        return f"{host} is at {address}, which is no address of a server: give another one"
    if address.is_global or allowed.allows(host, address):
        return None
    return (
        f"{host} is at {address}, inside a network: allow that host or its network in the app "
        f"setting {OUTBOUND_SETTING}, if it is meant"
    )


def _is_old(address: _Address) -> bool:
    """fec0::/10, which was for sites, and is not called global by everybody."""
    return isinstance(address, IPv6Address) and address.is_site_local


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _embedded(address: _Address) -> _Address:
    """The address that a network makes of an IPv6 address which carries one of IPv4."""
    if isinstance(address, IPv4Address):
        return address
    translated = any(address in network for network in _CARRIES_IPV4)
    if translated or 1 < int(address) < 1 << 32:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
