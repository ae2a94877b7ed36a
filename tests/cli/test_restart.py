"""The app is stopped and started again while somebody watches: what is watched goes on."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from command import Person
from story import NEW, OLD, PLATFORM

from local.arm.event_grid import Dispatcher
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import Server
from local.base.clock import ManualClock
from local.host.host import Host
from local.system import APP_DIR, app_settings

DOWN, UP = 4, 7
"""At which look the app goes, and at which it is back."""


class Restarted:
    """An app that is away for some looks; the simulated Azure stays."""

    def __init__(self, state: Path, clock: ManualClock) -> None:
        self.clock = clock
        self.state = state
        self.host = Host(APP_DIR, state, self.clock)
        self.host.__enter__()
        self.url = self.host.url
        self.looks = 0

    def wait(self, seconds: float) -> None:
        """Time passes for who watches; the app goes and comes back."""
        self.looks += 1
        if self.looks == DOWN:
            self.host.__exit__(None, None, None)
        if self.looks == UP:
            port = urlsplit(self.url).port or 0
            self.host = Host(APP_DIR, self.state, self.clock, port)
            self.host.__enter__()
        if not DOWN <= self.looks < UP:
            self.host.wait_idle()
        self.clock.advance(timedelta(seconds=max(seconds, 15)))

    def close(self) -> None:
        self.host.__exit__(None, None, None)


def test_a_watch_survives_a_restart_of_the_app(tmp_path: Path) -> None:
    clock = ManualClock()
    azure = Azure(clock)
    with ExitStack() as exits:
        arm = exits.enter_context(Server(create_app(azure, Dispatcher(azure))))
        exits.enter_context(app_settings(arm.url))
        app = Restarted(tmp_path / "state", clock)
        exits.callback(app.close)
        for version in (OLD, NEW):
            httpx.post(f"{arm.url}/_sim/images", json={**PLATFORM, "version": version})
        spec = {"name": "web", "capacity": 4, "updateDomains": 2}
        httpx.post(
            f"{arm.url}/_sim/scale-sets", json=spec | {"image": {**PLATFORM, "version": OLD}}
        )
        environ = {"VMSS_ROLLOUT_APP": app.url}
        person = Person(environ, tmp_path / "config.yaml", app.wait, width=100)
        done = person.says("start", "web", NEW, "--id", "web-1", "--wait")
    assert done.code == 0, done.err
    assert f"No connection to {app.url}" in done.out
    assert "✓ Succeeded  100 %" in done.out
