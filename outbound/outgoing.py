"""A call, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

MOST_BYTES = 64 * 1024
"""Of an answer that is read; a longer one is no answer."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to an address that a user named; it must be answered whole within `timeout`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    timeout: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host answered, whatever the status: also a redirect, which is not followed. The
    headers' names are in small letters.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class NoReply:
    """Why there is none, in one sentence: what happened, with which host, and what to do next.
    `refused`: the address is none that the app may call, and will not be called later either.
    """

    reason: str
    refused: bool = False
