"""Where a gate's question goes, and with which headers. Secrets are named, never written."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag

from rollout.base import FORM, Secret, folded
from rollout.gates.condition import nothing_secret

_HEADER = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"
_OURS = {
    "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te",
    "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
_SECRET_HEADER = re.compile(r"authorization|cookie|token|secret|(api|functions|access|auth)-?key")


def _an_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named, parts = False, None
    if not named or parts is None or parts.scheme.lower() not in {"https", "http"}:
        raise ValueError("must be an address such as https://checks.contoso.com/ready")
    if re.search(r"[\s\x00-\x20\x7f]", url):
        raise ValueError("must not have blanks or line breaks in it")
    return url


_TEXT, _SECRET = f"{FORM}text", f"{FORM}secret"


def _form(value: object) -> str:
    return _SECRET if isinstance(value, Mapping | Secret) else _TEXT


_NamedSecret = Annotated[Secret, Tag(_SECRET)]
_Address = Annotated[
    str,
    StringConstraints(strict=True, max_length=2000),
    AfterValidator(nothing_secret),
    AfterValidator(_an_address),
    Tag(_TEXT),
]
_Text = Annotated[
    str,
    StringConstraints(strict=True, max_length=1000, pattern=r"^[\x20-\x7e\t]*$"),
    AfterValidator(nothing_secret),
    Tag(_TEXT),
]
Url = Annotated[_Address | _NamedSecret, Discriminator(_form)]
_HeaderValue = Annotated[_Text | _NamedSecret, Discriminator(_form)]


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


def host_of(url: str | Secret) -> str:
    """How an address is named in messages: without what may be secret in it."""
    if isinstance(url, Secret):
        return f"the secret {url.secret}"
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def secrets_in(url: str | Secret, headers: dict[str, str | Secret]) -> list[str]:
    """The names of the secrets that a call needs."""
    return [each.secret for each in (url, *headers.values()) if isinstance(each, Secret)]
