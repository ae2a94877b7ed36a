"""What the tests of the simulated Azure share: a world, ways to call it, schemas, recordings."""

import json
from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest
from arm_world import (
    COMPUTE,
    HERE,
    Json,
    Kept,
    Schemas,
    Stage,
    World,
    image_patch,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.pipeline.policies import AzureKeyCredentialPolicy
from azure.mgmt.compute import ComputeManagementClient
from inbox import Inbox, inbox

from local.arm.base.ids import SUBSCRIPTION
from local.arm.http.app import create_app
from local.arm.images.image import ImageReference
from local.arm.model.azure import Azure
from local.base.clock import Clock, ManualClock, ScaledClock
from local.base.server import Server


@pytest.fixture
def patch_of() -> Callable[[Json], Json]:
    """The body of a PATCH that sets the imageReference."""
    return image_patch


@pytest.fixture(scope="session")
def serve() -> Generator[Callable[[Clock], World]]:
    """Put a new simulated Azure with that clock on the stage."""
    stage = Stage()
    headers = {"Authorization": "Bearer x"}
    with (
        Server(stage, dated=False) as server,
        httpx.Client(base_url=server.url, headers=headers) as http,
    ):

        def start(clock: Clock) -> World:
            azure = Azure(clock)
            stage.app = create_app(azure)
            return World(azure, server.url, http)

        yield start


@pytest.fixture
def world(serve: Callable[[Clock], World]) -> Generator[World]:
    """A simulated Azure whose time only moves when the test moves it.

    Whatever the test does, its contents are kept at each change, and what is kept is all of it.
    """
    world = serve(ManualClock())
    kept = Kept(world.azure)
    yield world
    kept.check()


@pytest.fixture
def fast_world(serve: Callable[[Clock], World]) -> World:
    """A simulated Azure in which a minute passes in 60 ms."""
    return serve(ScaledClock(speed=1000))


@pytest.fixture
def sdk() -> Generator[Callable[[World], ComputeManagementClient]]:
    """The real SDK's client for a world, polling every 10 ms and never repeating a request."""
    clients: list[ComputeManagementClient] = []

    def connect(world: World) -> ComputeManagementClient:
        key = AzureKeyCredential("simulated")
        policy: AzureKeyCredentialPolicy[Any, Any] = AzureKeyCredentialPolicy(
            key, "Authorization", prefix="Bearer"
        )
        clients.append(
            ComputeManagementClient(
                key,  # pyright: ignore[reportArgumentType]  # only the policy is used
                SUBSCRIPTION,
                base_url=world.url,
                authentication_policy=policy,
                polling_interval=0.01,  # pyright: ignore[reportArgumentType]  # fractions work
                retry_total=0,
            )
        )
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def _inbox() -> Generator[Inbox]:
    with inbox() as box:
        yield box


@pytest.fixture
def box(_inbox: Inbox) -> Inbox:
    """An endpoint of events, empty at first."""
    _inbox.reset()
    return _inbox


@pytest.fixture
def gallery_image() -> Callable[[str], ImageReference]:
    """A reference to a gallery image, or with "versions/..." to one of its versions."""

    def reference(version: str = "") -> ImageReference:
        tail = f"/versions/{version}" if version else ""
        return ImageReference(id=f"{COMPUTE}/galleries/shared/images/linux{tail}")

    return reference


@pytest.fixture(scope="session")
def recorded() -> Callable[[str], Any]:
    """A recorded exchange by its name."""
    return lambda name: json.loads((HERE / "recorded" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return Schemas()


@pytest.fixture
def connect() -> Generator[Callable[..., Any]]:
    """A client of one of Azure Monitor's SDKs, with any token, or `of` that value."""
    clients: list[Any] = []

    def make(kind: type, of: str = "any", **more: Any) -> Any:
        key = AzureKeyCredential(of)
        policy: AzureKeyCredentialPolicy[Any, Any] = AzureKeyCredentialPolicy(
            key, "Authorization", prefix="Bearer"
        )
        clients.append(kind(credential=key, authentication_policy=policy, retry_total=0, **more))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
