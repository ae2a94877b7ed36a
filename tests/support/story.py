"""What a story needs: a person's hands on the whole system, and the power to let time pass."""

import itertools
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from local import system as local
from local.base.clock import ManualClock
from local.host.app import App, Load
from local.host.host import Host
from local.host.store import AsAzure

OLD, NEW = "14.04.201506100", "14.04.201507060"
PLATFORM = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.2-LTS"}

PATIENCE = 240.0
"""Real seconds that a story may take to its end, on a machine that has other things to do."""

_LIMITS = httpx.Limits(keepalive_expiry=2)
"""Servers here close a connection after five idle seconds: a call just then would be reset."""

type Json = dict[str, Any]


@dataclass
class System:
    """What a person has: the app's address, the simulated Azure's, and patience."""

    api: httpx.Client
    azure: httpx.Client
    clock: ManualClock
    host: Host
    names: Iterator[str] = field(default_factory=lambda: (f"set{n}" for n in itertools.count()))

    def next_story(self) -> None:
        """Nothing of the story before it happens in this one, nor began at its moment: the stories
        of a worker share a system, and run in any order.
        """
        self.point_app_here()
        self.azure.delete("/_sim/faults")
        self.host.deaths.forget()
        self.clock.advance(timedelta(seconds=1))
        self.host.wait_idle()  # a rollout that an earlier story left may have had a look due by now
        self.azure.delete("/_sim/requests")

    def point_app_here(self) -> None:
        """The settings of the apps in this process name the Azure of the system that was started
        last, which may be another test's.
        """
        arm = str(self.azure.base_url).rstrip("/")
        os.environ |= {"ARM_ENDPOINT": arm, "IDENTITY_ENDPOINT": f"{arm}/msi/token"}
        os.environ["WEBSITE_HOSTNAME"] = self.host.url.partition("//")[2]

    def scale_set(self, **spec: Any) -> str:
        """A new scale set of 20 instances in 5 update domains, unless told otherwise: its id."""
        body = {"name": next(self.names), "image": {**PLATFORM, "version": OLD}, **spec}
        answer = self.azure.post("/_sim/scale-sets", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def publish(self, **image: Any) -> str:
        """A new image in the simulated Azure: its id, URN or URI."""
        answer = self.azure.post("/_sim/images", json=image)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def fault(self, kind: str, **what: Any) -> None:
        answer = self.azure.post("/_sim/faults", json={"kind": kind, **what})
        assert answer.status_code == 201, answer.text

    def truth(self, scale_set: str) -> Json:
        """What really happened to a scale set."""
        group, name = scale_set.split("/")[4], scale_set.rsplit("/", maxsplit=1)[-1]
        return self.azure.get(f"/_sim/scale-sets/{group}/{name}").json()

    def start(self, scale_set: str, **request: Any) -> httpx.Response:
        body = {"scaleSet": scale_set, "image": {"version": NEW}, **request}
        return self.api.post("/api/rollouts", json=body)

    def plan(self, scale_set: str, **request: Any) -> Json:
        """What a rollout would do; nothing is changed."""
        body = {"scaleSet": scale_set, "image": {"version": NEW}, **request}
        answer = self.api.post("/api/rollouts/plan", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def view(self, rollout_id: str) -> Json:
        answer = self.api.get(f"/api/rollouts/{rollout_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def managed(self, rollout_id: str, name: str) -> str:
        """One of Durable's own management addresses of a rollout."""
        answer = self.api.get(f"/api/rollouts/{rollout_id}/management")
        assert answer.status_code == 200, answer.text
        return answer.json()[name]

    def run(self, scale_set: str, **request: Any) -> Json:
        """Start a rollout, let time pass until it has ended, and look at it."""
        answer = self.start(scale_set, **request)
        assert answer.status_code == 202, answer.text
        return self.finish(answer.json()["id"])

    def finish(self, rollout_id: str) -> Json:
        """Skip time until the rollout has ended."""
        with self.host.skipping():
            self.host.wait_idle(PATIENCE)
        view = self.view(rollout_id)
        assert view["finishedAt"] is not None, view["message"]
        return view

    def subscribe(self) -> None:
        """Have the app told of gallery image versions, as `make local` does."""
        body = {
            "name": "stories",
            "endpoint": self.host.event_grid_url("on_image_published"),
            "includedOperations": ["Microsoft.Compute/galleries/images/versions/write"],
        }
        assert self.azure.post("/_sim/event-subscriptions", json=body).status_code == 201

    def deliver(self) -> None:
        """Everything that Event Grid has to deliver now is delivered, and answered."""
        self.azure.post("/_sim/deliveries")
        self.host.wait_idle()

    def small(self, count: int, **spec: Any) -> list[str]:
        """So many scale sets of two instances in two update domains: their ids."""
        small = {"capacity": 2, "updateDomains": 2}
        return [self.scale_set(**{**small, **spec}) for _ in range(count)]

    def start_fleet(self, waves: list[Json], **request: Any) -> httpx.Response:
        body = {"image": {"version": NEW}, "waves": waves, **request}
        return self.api.post("/api/fleet-rollouts", json=body)

    def fleet(self, fleet_id: str) -> Json:
        answer = self.api.get(f"/api/fleet-rollouts/{fleet_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def finish_fleet(self, fleet_id: str, patience: float = PATIENCE) -> Json:
        """Skip time until the fleet rollout has ended, for at most so many real seconds."""
        with self.host.skipping():
            self.host.wait_idle(patience)
        view = self.fleet(fleet_id)
        assert view["finishedAt"] is not None, view["message"]
        return view

    def fleet_until(
        self, fleet_id: str, reached: Callable[[Json], bool], seconds: float = 15
    ) -> Json:
        """Let time pass, at least so many seconds at a time, until the fleet rollout looks like
        that.
        """
        for _ in range(20_000):
            self.host.wait_idle()
            view = self.fleet(fleet_id)
            if reached(view):
                return view
            assert view["finishedAt"] is None, view["message"]
            self._pass(seconds)
        raise AssertionError(f"it never came to that: {self.fleet(fleet_id)['message']}")

    def look_after(self) -> None:
        """Run the timer that looks after what has nobody above it."""
        self.host.wait_idle()
        answer = self.api.post("/admin/functions/watch_rollouts", json={})
        assert answer.status_code == 202
        self.host.wait_idle()

    def pass_minutes(self, minutes: float) -> None:
        """Let that time pass, a minute at a time."""
        for _ in range(int(minutes)):
            self.host.wait_idle()
            self.clock.advance(timedelta(minutes=1))
        self.host.wait_idle()

    def until(self, rollout_id: str, reached: Callable[[Json], bool], seconds: float = 5) -> Json:
        """Let time pass, at least so many seconds at a time, until the rollout looks like that."""
        for _ in range(20_000):
            self.host.wait_idle()
            view = self.view(rollout_id)
            if reached(view):
                return view
            assert view["finishedAt"] is None, view["message"]
            self._pass(seconds)
        raise AssertionError(f"it never came to that: {self.view(rollout_id)['message']}")

    def _pass(self, seconds: float) -> None:
        """So much time, and more if the app does nothing meanwhile."""
        now = self.clock.now()
        self.clock.jump(max(now + timedelta(seconds=seconds), self.host.next_due or now))

    def events(self, rollout_id: str) -> list[Json]:
        self.host.wait_idle()
        return self.api.get(f"/api/rollouts/{rollout_id}/events").json()

    def requests(self, method: str = "", path: str = "") -> list[Json]:
        """The ARM requests served since the test began, optionally only some."""
        served = self.azure.get("/_sim/requests").json()
        return [
            one
            for one in served
            if one["method"].startswith(method) and path.casefold() in one["path"].casefold()
        ]


@contextmanager
def playing(
    state: Path, as_azure: AsAzure | None = None, load: Load = App, timeout: float = 60
) -> Generator[System]:
    """A whole system of its own, its clock moved by hand. A call of its API may take so many real
    seconds.
    """
    clock = ManualClock()
    with (
        local.System(clock, state, as_azure=as_azure, load=load) as one,
        httpx.Client(base_url=one.host.url, timeout=timeout, limits=_LIMITS) as api,
        httpx.Client(base_url=one.arm_url, timeout=60, limits=_LIMITS) as azure,
    ):
        yield System(api, azure, clock, one.host)
