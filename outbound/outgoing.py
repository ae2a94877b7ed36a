"""A call, and what came of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

MOST_BYTES = 64 * 1024
"""Of an answer that is read, unless the call says another limit; a longer one is no answer."""
_SECONDS = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to an address that a user named; it must be answered whole within `timeout`, with no
    more than `most_bytes`. `key` is the secret that it is signed with, which stands nowhere in it.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    timeout: timedelta = timedelta(seconds=10)
    most_bytes: int = MOST_BYTES
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host answered, whatever the status: also a redirect, which is not followed. The
    headers' names are in small letters.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> timedelta | None:
        """How long it asks to wait, if it says so in seconds: a date would have to be compared with
        another machine's clock.
        """
        text = self.headers.get("retry-after", "").strip()
        return timedelta(seconds=int(text)) if _SECONDS.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class NoReply:
    """Why there is none, in one sentence: what happened, with which host, and what to do next.
    `refused`: the address is none that the app may call, and will not be called later either.
    """

    reason: str
    refused: bool = False
