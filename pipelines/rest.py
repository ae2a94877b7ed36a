"""Calls of a service's REST API."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from pipelines.service import CommentError

_SECONDS = 30
_LOOPBACK = {"127.0.0.1", "localhost"}


class Rest:
    """An API with a bearer token; `hint` is what helps when it refuses."""

    def __init__(self, token: str, hint: str, **headers: str) -> None:
        self._hint = hint
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "vmss-rollout",
            **headers,
        }

    def call(self, method: str, url: str, body: object = None) -> Any:
        """What it answers. Raises CommentError."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise CommentError(f"{url} is not encrypted: no token is sent there.")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            url, data, self._headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise CommentError(
                f"{parts.hostname} answered {error.code} to {method} {parts.path}. {self._hint}"
            ) from error
        except (OSError, ValueError) as error:
            raise CommentError(f"{parts.hostname} does not answer: {error}.") from error

    def replace(self, earlier: list[str], place: str, *, changed: object, new: object) -> None:
        """Change the first of the earlier comments that can be changed (one that somebody else has
        written cannot), or add a new one. Raises CommentError.
        """
        if not any(self._changes(url, changed) for url in earlier):
            self.call("POST", place, new)

    def _changes(self, url: str, body: object) -> bool:
        try:
            self.call("PATCH", url, body)
        except CommentError:
            return False
        return True
