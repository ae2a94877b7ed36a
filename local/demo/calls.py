"""The HTTP calls of the demo: to the app, and to the simulated Azure's controls."""

from typing import Any, Self

import httpx

from rollout.base import Event

_PATIENCE_SECONDS = 30


class Refused(Exception):  # noqa: N818 - an answer, told to the person at the keyboard
    """A call was answered with an error."""


class Calls:
    """JSON over HTTP under one base URL; a context manager. Every call raises Refused when it is
    answered with an error, and httpx.HTTPError when it is not answered.
    """

    def __init__(self, base_url: str) -> None:
        # Not through a proxy: it is on this machine.
        self._http = httpx.Client(base_url=base_url, timeout=_PATIENCE_SECONDS, trust_env=False)

    def get(self, path: str) -> Any:
        return _body(self._http.get(path))

    def post(self, path: str, body: object) -> Any:
        return _body(self._http.post(path, json=body))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()


def _body(response: httpx.Response) -> Any:
    if response.is_success:
        return response.json()
    asked = f"{response.request.method} {response.request.url}"
    raise Refused(f"{asked} was answered {response.status_code}: {response.text or 'no reason'}")


class Api(Calls):
    """The app's API."""

    def start(self, request: object) -> str:
        """Start a rollout; returns its id."""
        return str(self.post("/rollouts", request)["id"])

    def view(self, rollout_id: str) -> dict[str, Any]:
        body: dict[str, Any] = self.get(f"/rollouts/{rollout_id}")
        return body

    def events(self, rollout_id: str) -> list[Event]:
        return [Event.from_json(event) for event in self.get(f"/rollouts/{rollout_id}/events")]
