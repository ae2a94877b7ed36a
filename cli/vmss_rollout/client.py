"""The calls to the app. What goes wrong is a CommandError: a plain sentence and the next step."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from vmss_rollout import exits
from vmss_rollout.app_context import AppContext
from vmss_rollout.command_error import CommandError
from vmss_rollout.problem import problem
from vmss_rollout.values import Json, is_object, items

_PATIENCE_SECONDS = 60
"""A plan may read many scale sets, page by page."""
_TRIES = 3
_NOT_MODIFIED = 304
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0


class Client:
    """JSON over HTTP, below /api of an app."""

    def __init__(
        self,
        app: AppContext,
        key: str,
        token: Callable[[], str] | None,
        pause: Callable[[float], object],
    ) -> None:
        if (key or token) and not app.is_encrypted and not app.is_local:
            raise CommandError(
                f"{app.url} is not encrypted: neither key nor token is sent there.",
                "Use its https:// address.",
                exits.USAGE,
            )
        self._app = app
        self._token = token
        self._pause = pause
        # Not through a proxy if it is on this machine.
        self._http = httpx.Client(
            base_url=f"{app.url}/api",
            timeout=_PATIENCE_SECONDS,
            trust_env=not app.is_local,
            headers={"x-functions-key": key} if key else {},
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **params: object) -> Json:
        """What GET answers. A read that is lost or put off is tried again a little later."""
        return self._again(lambda: _object(self._send("GET", path, params=_given(params))))

    def listed(self, path: str, **params: object) -> list[Json]:
        """The same of a list."""
        return self._again(lambda: _list(self._send("GET", path, params=_given(params))))

    def plan(self, path: str, body: Json) -> Json:
        """What POST answers to a question: it changes nothing."""
        return self._again(lambda: _object(self._send("POST", path, json=body)))

    def start(self, path: str, body: Json) -> Json:
        """What POST answers to a start. It has an id: sent again, it is the same start."""
        return self._again(lambda: self.post(path, body))

    def date(self) -> datetime | None:
        """What time it is there, to the second; None if it does not say."""
        said = self._send("GET", "/health").headers.get("date", "")
        try:
            return parsedate_to_datetime(said)
        except ValueError:
            return None

    def look(self, path: str, etag: str) -> tuple[Json | None, str]:
        """What GET answers, once, or None if that is what it was at `etag`; and its ETag now."""
        response = self._send("GET", path, headers={"If-None-Match": etag} if etag else {})
        if response.status_code == _NOT_MODIFIED:
            return None, etag
        return _object(response), response.headers.get("etag", "")

    def post(self, path: str, body: Json) -> Json:
        """What POST answers. Never sent twice: whether it arrived is for people to see."""
        return self._change("POST", path, body)

    def delete(self, path: str, body: Json) -> Json:
        """The same of DELETE."""
        return self._change("DELETE", path, body)

    def _change(self, method: str, path: str, body: Json) -> Json:
        try:
            return _object(self._send(method, path, json=body, changes=True))
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted while the app was asked: it may have heard it.",
                "Look before you say it again: vmss-rollout list",
                exits.INTERRUPTED,
            ) from interrupt

    def tried(self, path: str) -> list[Json]:
        """What POST answers to a try of several, each with what came of it; sent once."""
        return _list(self._send("POST", path, changes=True))

    def _again[T](self, call: Callable[[], T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                return call()
            except CommandError as error:
                if not error.passing:
                    raise
                self._pause(min(error.retry_after or _SHORTEST_PAUSE, _LONGEST_PAUSE))
        return call()

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Json | None = None,
        headers: dict[str, str] | None = None,
        json: Json | None = None,
        changes: bool = False,
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self._token()}"} if self._token else {}
        try:
            response = self._http.request(
                method,
                path,
                params=params or None,
                headers={**bearer, **(headers or {})},
                json=json,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._lost(error, changes=changes) from error
        if response.is_success or response.status_code == _NOT_MODIFIED:
            return response
        raise problem(response, self._app)

    def _lost(self, error: Exception, *, changes: bool) -> CommandError:
        unsure = " It may have heard it." if changes else ""
        why = _ERRNO.sub("", str(error)).rstrip(".") or type(error).__name__
        return CommandError(
            f"No connection to {self._app.url}: {why}.{unsure}",
            "Does it run, and is the address right? vmss-rollout doctor",
            passing=True,
        )


def _given(params: Json) -> Json:
    return {name: value for name, value in params.items() if value not in {None, ""}}


def _object(response: httpx.Response) -> Json:
    body = _body(response)
    if not is_object(body):
        raise _foreign(response)
    return body


def _list(response: httpx.Response) -> list[Json]:
    body = _body(response)
    found = items(body)
    if not isinstance(body, list) or not all(map(is_object, found)):
        raise _foreign(response)
    return found


def _body(response: httpx.Response) -> object:
    try:
        return response.json()
    except ValueError as error:
        raise _foreign(response) from error


def _foreign(response: httpx.Response) -> CommandError:
    return CommandError(
        f"{response.request.url.copy_with(query=None)} does not answer like VMSS Rollout.",
        "Is that the app's address? vmss-rollout context list",
        exits.USAGE,
    )
