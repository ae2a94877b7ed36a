"""A simulated Azure with a scale set that is listed in pages of one, and the SDK before it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from azure.core.pipeline.transport import RequestsTransport

from compute import scale_sets
from local.arm.http.app import create_app
from local.arm.model.azure import Azure
from local.arm.model.spec import ScaleSetSpec
from local.base.clock import ManualClock
from local.base.server import Server
from local.system import app_settings
from rollout.base import ArmError, ArmFailure
from rollout.inventory import ScaleSetId

WEB = ScaleSetId.parse(ScaleSetSpec(name="web").id)


class PagedAzure:
    """A simulated Azure, and how long the SDK has slept."""

    def __init__(self, azure: Azure, url: str) -> None:
        self.azure = azure
        self.url = url
        self.slept: list[float] = []

    def fault(self, kind: str, **what: object) -> None:
        answer = httpx.post(f"{self.url}/_sim/faults", json={"kind": kind, **what})
        assert answer.status_code == 201, answer.text

    def statuses(self, path: str = "") -> list[int | None]:
        return [
            one.status
            for one in self.azure.requests.all()
            if one.path.endswith(path) or f"{path}/" in one.path
        ]


@contextmanager
def paged_azure(monkeypatch: pytest.MonkeyPatch) -> Generator[PagedAzure]:
    """Time passes only while the SDK sleeps."""
    clock = ManualClock()
    azure = Azure(clock)
    azure.add_scale_set(ScaleSetSpec(name="web", capacity=4, page_size=1))
    with Server(create_app(azure)) as arm, app_settings(arm.url):
        one = PagedAzure(azure, arm.url)

        def sleep(_: RequestsTransport, seconds: float) -> None:
            one.slept.append(seconds)
            clock.advance(timedelta(seconds=seconds))

        monkeypatch.setattr(RequestsTransport, "sleep", sleep)
        yield one


def refused() -> ArmError:
    """The error with which a read of the scale set is answered."""
    with pytest.raises(ArmFailure) as caught:
        scale_sets.read_scale_set(WEB)
    return caught.value.error
