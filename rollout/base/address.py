"""Addresses that users name. Secrets are named, never written."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag

from rollout.base.problem import FORM
from rollout.base.secret import Secret
from rollout.base.wording import without_secrets


def nothing_secret(text: str) -> str:
    """What a user writes into a policy is kept and shown. Raises ValueError for a secret in it."""
    if without_secrets(text) != text:
        raise ValueError(
            'seems to hold a secret (such as key=, code= or a password): give {"secret": "NAME"} '
            "instead, and keep the value in the app setting ROLLOUT_SECRET_NAME"
        )
    return text


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


AS_TEXT, AS_SECRET = f"{FORM}text", f"{FORM}secret"


def text_or_secret(value: object) -> str:
    """Which of both forms a value has."""
    return AS_SECRET if isinstance(value, Mapping | Secret) else AS_TEXT


NamedSecret = Annotated[Secret, Tag(AS_SECRET)]
_Address = Annotated[
    str,
    StringConstraints(strict=True, max_length=2000),
    AfterValidator(nothing_secret),
    AfterValidator(_an_address),
    Tag(AS_TEXT),
]
Url = Annotated[_Address | NamedSecret, Discriminator(text_or_secret)]


def host_of(url: str | Secret) -> str:
    """How an address is named in messages: without what may be secret in it."""
    if isinstance(url, Secret):
        return f"the secret {url.secret}"
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"
