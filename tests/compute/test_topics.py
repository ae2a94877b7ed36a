"""Events for an Event Grid topic: what is sent, as whom, and what comes of it."""

import asyncio
import json
from typing import Any, Self

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import HttpRequest

from compute.topics import TopicRefusal, publish

ENDPOINT = "https://rollouts.westeurope-1.eventgrid.azure.net/api/events"
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "web-1/1",
    "source": "/vmss-rollout",
    "type": "vmssrollout.rollout.started",
    "subject": "web-1",
    "time": "2026-03-01T12:00:00Z",
    "datacontenttype": "application/json",
    "data": {"message": "The rollout has begun"},
}


class Identity:
    """Gives a token, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes += scopes
        return AccessToken("a token", 2_000_000_000)


class Answer:
    """What azure-core reads of an answer."""

    def __init__(self, request: HttpRequest, status: int) -> None:
        self.request, self.status_code, self.reason = request, status, "because"
        self.headers = {"content-type": "application/json"}
        self.content_type = "application/json"
        self.content = b'{"error": {"code": "No", "message": "the identity may not send"}}'

    def body(self) -> bytes:
        return self.content

    def text(self, *_: Any) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)

    async def read(self) -> bytes:
        return self.content

    async def load_body(self) -> None:
        pass

    async def close(self) -> None:
        pass


class Wire(AsyncHttpTransport[Any, Any]):
    """In place of the network."""

    def __init__(self, status: int | Exception) -> None:
        self.status = status
        self.requests: list[Any] = []

    async def send(self, request: Any, **_: Any) -> Any:
        self.requests.append(request)
        if isinstance(self.status, Exception):
            raise self.status
        return Answer(request, self.status)

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Identity:
    identity = Identity()
    monkeypatch.setattr("compute.topics.app_identity", lambda: identity)
    return identity


def test_an_event_is_sent_as_a_cloud_event_with_a_token_for_event_grid(identity: Identity) -> None:
    wire = Wire(200)
    assert asyncio.run(publish(ENDPOINT, EVENT, transport=wire)) is None
    [request] = wire.requests
    assert request.url.startswith(ENDPOINT)
    assert request.headers["Content-Type"].startswith("application/cloudevents-batch+json")
    assert request.headers["Authorization"] == "Bearer a token"
    assert identity.scopes == ["https://eventgrid.azure.net/.default"]
    [sent] = json.loads(request.data)
    assert {name: sent[name] for name in ("id", "type", "source", "subject", "data")} == {
        name: EVENT[name] for name in ("id", "type", "source", "subject", "data")
    }


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_refusal_is_a_value_and_is_not_tried_again_here(identity: Identity, status: int) -> None:
    wire = Wire(status)
    refusal = asyncio.run(publish(ENDPOINT, EVENT, transport=wire))
    assert isinstance(refusal, TopicRefusal)
    assert refusal.status == status
    assert f"Event Grid answered {status}" in refusal.why
    assert len(wire.requests) == 1
    assert identity.scopes


def test_a_network_that_fails_is_a_value(identity: Identity) -> None:
    refusal = asyncio.run(publish(ENDPOINT, EVENT, transport=Wire(ServiceRequestError("no route"))))
    assert refusal is not None
    assert "could not be called: no route" in refusal.why
    assert identity.scopes
