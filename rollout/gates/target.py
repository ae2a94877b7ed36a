"""Where a gate's question goes, and with which headers. Secrets are named, never written."""

import re
from typing import Annotated

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag

from rollout.base import (
    AS_TEXT,
    NamedSecret,
    Secret,
    Url,
    folded,
    host_of,
    nothing_secret,
    text_or_secret,
)

__all__ = ["Headers", "Url", "host_of", "secrets_in"]

_HEADER = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"
_OURS = {
    "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te",
    "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
_SECRET_HEADER = re.compile(r"authorization|cookie|token|secret|(api|functions|access|auth)-?key")


_Text = Annotated[
    str,
    StringConstraints(strict=True, max_length=1000, pattern=r"^[\x20-\x7e\t]*$"),
    AfterValidator(nothing_secret),
    Tag(AS_TEXT),
]
_HeaderValue = Annotated[_Text | NamedSecret, Discriminator(text_or_secret)]


def _headers(headers: dict[str, str | Secret]) -> dict[str, str | Secret]:
    for name, value in headers.items():
        if not re.match(_HEADER, name):
            raise ValueError(f"{name!r} is no name of a header")
        if folded(name) in _OURS:
            raise ValueError(f"{name} is set by the app itself: leave it out")
        if isinstance(value, str) and _SECRET_HEADER.search(name.lower()):
            raise ValueError(
                f'{name} carries a secret: give {{"secret": "NAME"}}, and keep the value in the '
                "app setting ROLLOUT_SECRET_NAME"
            )
    return headers


Headers = Annotated[dict[str, _HeaderValue], AfterValidator(_headers)]


def secrets_in(url: str | Secret, headers: dict[str, str | Secret]) -> list[str]:
    """The names of the secrets that a call needs."""
    return [each.secret for each in (url, *headers.values()) if isinstance(each, Secret)]
