"""The whole system on one machine: the simulated Azure, and the app on the local host."""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from azure.core.pipeline.transport import RequestsTransport

from local.arm.base import SUBSCRIPTION
from local.arm.event_grid import Dispatcher, SubscriptionSpec
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import LOOPBACK, Clock, Server
from local.host.app import App, Load
from local.host.host import Host
from local.host.store import AsAzure

ON_IMAGE = "on_image_published"
"""The app's function for events about new image versions, when it has one."""
HOME = "/api/dashboard"
"""The app's page, to which `/` leads."""
ROLLOUT = "roll_out"
"""The app's orchestrator of one rollout."""
_WRITES = ("Microsoft.Compute/galleries/images/versions/write",)
APP_DIR = Path(__file__).resolve().parent.parent


class System:
    """One process, one clock, loopback only; a context manager. Port 0 takes a free one.

    `azure` is the simulated Azure, an empty one in memory if none is given: fill it before or after
    the start. The state of the app is kept in the directory `state`, and taken up at the next
    start.
    `host` runs the app in the directory `app` from the start on; if that has a function
    on_image_published, it is subscribed to events about gallery image versions. `as_azure` says
    what happens to its messages by chance. `load` chooses the process that the app runs in: App
    this one, AppProcess one of its own.
    """

    host: Host

    def __init__(  # noqa: PLR0913 - what a system is made of is one decision each
        self,
        clock: Clock,
        state: Path,
        port: int = 0,
        arm_port: int = 0,
        app: Path = APP_DIR,
        *,
        azure: Azure | None = None,
        as_azure: AsAzure | None = None,
        load: Load = App,
    ) -> None:
        self._load = load
        self.clock = clock
        self.azure = azure or Azure(clock)
        self.dispatcher = Dispatcher(self.azure)
        self._app = app
        self._as_azure = as_azure
        self._state = state
        self._port = port
        self._arm_port = arm_port
        self._exits = ExitStack()
        self.arm_url = ""
        self.api_url = ""
        self.page_url = ""

    def start(self) -> Self:
        """Serve both; Azure first, because the app goes on at once with what it was doing.

        Raises OSError when a port is taken, StateInUse when another host has the state directory,
        AppError when the app cannot be loaded; then nothing is left running.
        """
        with ExitStack() as exits:
            arm = exits.enter_context(
                Server(create_app(self.azure, self.dispatcher), self._arm_port, dated=False)
            )
            exits.enter_context(app_settings(arm.url))
            exits.enter_context(_sdk_sleeps_by(self.clock))
            host = Host(
                self._app,
                self._state,
                self.clock,
                self._port,
                as_azure=self._as_azure,
                load=self._load,
                home=HOME,
            )
            self.host = exits.enter_context(host)
            self._subscribe()
            self.arm_url, self.api_url = arm.url, f"{self.host.url}/api"
            self.page_url = f"{self.host.url}/"
            self._exits = exits.pop_all()
        return self

    def open_rollouts(self) -> list[str]:
        """The ids of the rollouts that have not ended; they go on at the next start on the same
        state.
        """
        instances = self.host.store.instances()
        return sorted(each.id for each in instances if each.name == ROLLOUT and each.live)

    def stop(self) -> None:
        """End both, the app first."""
        self._exits.close()

    def _subscribe(self) -> None:
        """Subscribe the app to events about image versions, if it has a function for them."""
        if endpoint := self.host.event_grid_url(ON_IMAGE):
            name = ON_IMAGE.replace("_", "-")
            self.dispatcher.subscribe(
                SubscriptionSpec(name=name, endpoint=endpoint, included_operations=_WRITES)
            )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextmanager
def _sdk_sleeps_by(clock: Clock) -> Generator[None]:
    """The Azure SDK of an app in this process waits by that clock: how long Azure asks it to wait
    is said in the simulation's seconds. (In a process of its own, an app waits in real ones.)
    """
    usual = RequestsTransport.sleep

    def sleep(_transport: RequestsTransport, duration: float) -> None:
        clock.sleep(duration)

    RequestsTransport.sleep = sleep
    try:
        yield
    finally:
        RequestsTransport.sleep = usual


def _outbound(given: str) -> str:
    """This machine, and what was given."""
    return ",".join(filter(None, [f"{LOOPBACK}/32", "localhost", given]))


@contextmanager
def app_settings(arm_url: str) -> Generator[None]:
    """The settings Azure would give the app: where ARM is, the subscription, how to get a token.
    What gates, hooks and news call may be on this machine, where the receiver is, besides what
    ROLLOUT_OUTBOUND allows already.

    AZURE_TOKEN_CREDENTIALS makes the managed identity the only way to get one: whoever is signed in
    on this machine stays out of it. no_proxy (which comes before NO_PROXY) keeps what is meant for
    loopback on loopback.
    """
    environ = os.environ  # noqa: TID251 - the app reads its settings from there, as on Azure
    direct = environ.get("no_proxy") or environ.get("NO_PROXY")
    settings = {
        "ARM_ENDPOINT": arm_url,
        "MONITOR_ENDPOINT": arm_url,
        "ROLLOUT_OUTBOUND": _outbound(environ.get("ROLLOUT_OUTBOUND", "")),
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
        "IDENTITY_ENDPOINT": f"{arm_url}/msi/token",
        "IDENTITY_HEADER": "local",
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1",
        "no_proxy": ",".join(filter(None, [direct, LOOPBACK])),
    }
    before = {name: environ[name] for name in settings if name in environ}
    environ.update(settings)
    try:
        yield
    finally:
        for name in settings:
            environ.pop(name, None)
        environ.update(before)
