"""Calls a host that a user named."""

import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from outbound.address import refused_address, url_refusal
from outbound.outgoing import NoReply, Outgoing, Reply
from rollout.base import first_line, spoken
from settings import Outbound

_ASKED = {"Accept-Encoding": "identity", "User-Agent": "vmss-rollout"}
_OURS = frozenset({
    "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te",
    "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
"""Headers that no caller sets: they say how the call is made, not what it says."""


class OutboundRefusedError(OSError):
    """The host's name leads to an address that may not be called."""


class Resolver(AbstractResolver):
    """What it answers is what is connected to: a name is looked up once, and one that leads to any
    address which may not be called leads nowhere.
    """

    def __init__(self, allowed: Outbound, inner: AbstractResolver) -> None:
        self._allowed = allowed
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for result in found:
            if reason := refused_address(host, result["host"], self._allowed):
                raise OutboundRefusedError(reason)
        return found

    async def close(self) -> None:
        await self._inner.close()


async def reach(
    outgoing: Outgoing, allowed: Outbound, resolver: AbstractResolver | None = None
) -> Reply | NoReply:
    """What the host answers, or why there is no answer; raises nothing. `resolver` looks names up,
    instead of the machine.
    """
    host = _host(outgoing.url)
    if reason := call_refusal(outgoing, allowed):
        return NoReply(reason, refused=True)
    try:
        async with _session(outgoing, allowed, resolver) as session:
            return await _asked(session, outgoing, host)
    except TimeoutError:
        within = spoken(outgoing.timeout)
        return NoReply(f"{host} did not answer whole within {within}: see whether it is busy")
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, OutboundRefusedError):
            return NoReply(str(error.os_error), refused=True)
        return NoReply(f"{host} could not be reached ({_lost(error)}): see whether it is up")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return NoReply(f"{host} gave no answer that can be read ({_named(error)})")


@asynccontextmanager
async def _session(
    outgoing: Outgoing, allowed: Outbound, resolver: AbstractResolver | None
) -> AsyncGenerator[aiohttp.ClientSession]:
    """Nothing is kept from one call to the next: no connection, no cookie, no looked-up name."""
    connector = aiohttp.TCPConnector(
        resolver=Resolver(allowed, resolver or ThreadedResolver()),
        use_dns_cache=False,
        force_close=True,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=outgoing.timeout.total_seconds()),
        auto_decompress=False,
        trust_env=False,
    ) as session:
        yield session


async def _asked(session: aiohttp.ClientSession, outgoing: Outgoing, host: str) -> Reply | NoReply:
    async with session.request(
        outgoing.method,
        URL(outgoing.url),
        headers={**outgoing.headers, **_ASKED},
        data=outgoing.body,
        allow_redirects=False,
    ) as response:
        headers = {name.casefold(): value for name, value in response.headers.items()}
        if headers.get("content-encoding", "identity").casefold() != "identity":
            return NoReply(f"{host} answered compressed, unasked: let it answer plainly")
        body = await _read(response.content, outgoing.most_bytes)
    if body is None:
        most = f"{outgoing.most_bytes // 1024} KB"
        return NoReply(f"{host} answered more than {most}: let it answer less")
    return Reply(response.status, headers, body)


async def _read(content: aiohttp.StreamReader, most_bytes: int) -> bytes | None:
    """The body; None if it is too long."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)


def call_refusal(outgoing: Outgoing, allowed: Outbound) -> str | None:
    """Why that call will never be made, as far as that is known before the host is looked up."""
    reason = url_refusal(outgoing.url, allowed) or _refused_headers(outgoing)
    return reason or _refused_secrets(outgoing, allowed)


def _refused_secrets(outgoing: Outgoing, allowed: Outbound) -> str | None:
    """Wherever a secret stands in a call, and whoever put it there; or signs it, for who reads it
    takes what it says for ours.
    """
    body = (outgoing.body or b"").decode("utf-8", "replace")
    texts = (outgoing.url, *outgoing.headers.values(), body, outgoing.key)
    host = _host(outgoing.url)
    return next(filter(None, (each.refused_at(host, texts) for each in allowed.bound)), None)


def _refused_headers(outgoing: Outgoing) -> str | None:
    for name, value in outgoing.headers.items():
        if name.casefold() in _OURS:
            return f"the header {name} says how the call is made: leave it out"
        if any(letter in name + value for letter in "\r\n\0"):
            return f"the header {name!r} has a line break in it: write it as a single line"
    return None


def _host(url: str) -> str:
    try:
        return URL(url).host or "the host"
    except ValueError:
        return "the host"


def _lost(error: aiohttp.ClientConnectorError) -> str:
    """The system's own words, where it has any: who is called is said already."""
    number = error.os_error.errno
    return os.strerror(number).lower() if number and number > 0 else _named(error.os_error)


def _named(error: Exception) -> str:
    """Its kind, and what it says without the address, which may be a secret."""
    match error:
        case aiohttp.ClientResponseError():
            said = error.message
        case aiohttp.InvalidURL():
            return type(error).__name__
        case _:
            said = str(error)
    return f"{type(error).__name__}: {first_line(said)}"
