"""Tokens and time-outs of the real SDK."""

import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from compute import client, scale_sets
from local.arm.http.app import create_app
from local.arm.model.azure import Azure
from local.arm.model.spec import ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from rollout.base import ArmErrorKind, ArmFailure
from rollout.inventory import ScaleSetId

LONG_AGO, IN_2100 = "1", "4102444800"


class Identity:
    """A managed identity that counts the tokens it gives."""

    def __init__(self) -> None:
        self.expires_on = IN_2100
        self.given = 0
        self.resource = ""

    async def token(self, request: Request) -> Response:
        self.given += 1
        self.resource = request.query_params["resource"]
        resource = request.query_params["resource"]
        token = {"access_token": "t", "expires_on": self.expires_on, "token_type": "Bearer"}
        return JSONResponse({**token, "resource": resource})


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[Identity]:
    azure, one = Azure(ManualClock()), Identity()
    azure.add_scale_set(ScaleSetSpec(name="web", capacity=1))
    routes = [Route("/mine/token", one.token), Mount("/", create_app(azure))]
    with Server(Starlette(routes=routes)) as arm:
        monkeypatch.setenv("ARM_ENDPOINT", arm.url)
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{arm.url}/mine/token")
        monkeypatch.setenv("IDENTITY_HEADER", "local")
        yield one


WEB = ScaleSetId.parse(ScaleSetSpec(name="web").id)


def test_a_token_is_used_as_long_as_it_lasts(identity: Identity) -> None:
    for _ in range(3):
        scale_sets.read_scale_set(WEB)
    assert identity.given == 1


def test_an_expired_token_is_renewed(identity: Identity) -> None:
    identity.expires_on = LONG_AGO
    for _ in range(3):
        scale_sets.read_scale_set(WEB)
    assert identity.given == 3


def test_no_call_waits_for_ever(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("ARM_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ArmFailure) as caught:
            scale_sets.read_scale_set(WEB)
    assert caught.value.error.kind is ArmErrorKind.UNAVAILABLE
    assert identity.given == 1


@pytest.mark.parametrize(
    ("cloud", "resource"),
    [
        ("AzureCloud", "https://management.azure.com"),
        ("AzureUSGovernment", "https://management.core.usgovcloudapi.net"),
        ("AzureChinaCloud", "https://management.chinacloudapi.cn"),
    ],
)
def test_a_token_is_asked_for_the_cloud_that_is_set(
    identity: Identity, monkeypatch: pytest.MonkeyPatch, cloud: str, resource: str
) -> None:
    monkeypatch.setenv("AZURE_ENVIRONMENT", cloud)
    scale_sets.read_scale_set(WEB)
    assert identity.resource == resource
