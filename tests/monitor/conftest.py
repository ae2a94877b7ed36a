"""A simulated Azure that the app's own clients reach, as its settings say."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from arm_world import World

from local.arm.base.ids import SUBSCRIPTION
from local.arm.http.app import create_app
from local.arm.model.azure import Azure
from local.base.clock import ManualClock
from local.base.server import Server
from local.system import app_settings
from monitor.metrics import region_of_set
from rollout.gates import Gate, GatePlace, GateQuestion
from rollout.inventory import ScaleSetId

WEB = ScaleSetId(SUBSCRIPTION, "demo", "web")


@pytest.fixture
def world() -> Generator[World]:
    """With a scale set of four, and half an hour of its past."""
    azure = Azure(ManualClock())
    headers = {"Authorization": "Bearer x"}
    with (
        Server(create_app(azure), dated=False) as server,
        httpx.Client(base_url=server.url, headers=headers) as http,
        app_settings(server.url),
    ):
        region_of_set.cache_clear()
        there = World(azure, server.url, http)
        there.add("web", capacity=4)
        there.pass_time(1800)
        yield there


@pytest.fixture
def question(world: World) -> Any:
    """A question of now, a quarter of an hour after the rollout and ten minutes after the batch of
    the first two instances began.
    """

    def of(check: Any, place: str = "afterBatch", **more: Any) -> GateQuestion:
        now = world.azure.clock.now()
        times = {"since": now - timedelta(minutes=10), "began": now - timedelta(minutes=15)}
        usual: dict[str, Any] = {"instance_ids": ["0", "1"], "others": ["2", "3"], **times}
        return GateQuestion(
            rollout_id="r-1",
            gate=Gate.model_construct(name="g", place=GatePlace(place), check=check),
            place=GatePlace(place),
            scale_set=WEB,
            now=now,
            **(usual | more),
        )

    return of
