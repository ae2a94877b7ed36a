"""The local Functions host: one app, one state directory, one clock."""

import threading
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self

from starlette.routing import Route

from local.base import Clock, Server
from local.host.app import (
    EVENT_GRID,
    HTTP,
    App,
    Catalog,
    Environment,
    HostSettings,
    Load,
    Worker,
    host_settings,
)
from local.host.engine import (
    Activities,
    Deaths,
    Engine,
    EntityBatches,
    Orchestrations,
    Rules,
    Timers,
    Turns,
    VersionRule,
)
from local.host.http import (
    Admin,
    EventGridWebhook,
    HttpFunctions,
    Management,
    Routes,
    links,
    new_application,
    served,
)
from local.host.store import Arrivals, AsAzure, Database, Store

_LOOK_SECONDS = 0.5
"""How often it is looked at whether the engine lives."""


class Host:
    """Runs an unmodified app; a context manager.

    Time: a ScaledClock runs by itself; a ManualClock moves when it is moved; with `skip`, a
    ManualClock jumps to the earliest timer whenever no turn, activity, entity or HTTP call of the
    app is under way (timers of suspended instances are left alone). Port 0 takes a free one.
    `as_azure` says what happens by chance, as it does in Azure; `deaths` takes those that are
    planned. `load` chooses the process that the app runs in: App this one, AppProcess one of its
    own. `home` is a path of the app to which `/` leads, if a function answers there: in Azure, no
    app can answer `/`.
    """

    store: Store
    catalog: Catalog

    def __init__(  # noqa: PLR0913 - what an app runs on is one decision each
        self,
        app_dir: Path,
        state: Path,
        clock: Clock,
        port: int = 0,
        *,
        skip: bool = False,
        as_azure: AsAzure | None = None,
        load: Load = App,
        home: str | None = None,
    ) -> None:
        self._load = load
        self._home = home
        self._app_dir = app_dir.resolve()
        self._state = state.resolve()
        self._clock = clock
        self._port = port
        self._skip = skip
        self._as_azure = as_azure or AsAzure()
        self.deaths = Deaths(self._as_azure)
        self._exits = ExitStack()
        self.url = ""

    def start(self) -> Self:
        """Load the app, resume what was left to do, and serve.

        Raises AppError, RouteError, ScheduleError or ValueError when Azure would not run the app,
        StateInUse when another host has the state directory, OSError when the port is taken.
        """
        with ExitStack() as exits:
            self._build(exits)
            self._exits = exits.pop_all()
        return self

    def serve_until(self, stopped: threading.Event) -> BaseException | None:
        """Serve until then, or until the engine has died, say of a full disk: then this is what it
        died of. A process that went on answering would look alive; a new one goes on.
        """
        while not stopped.wait(_LOOK_SECONDS):
            if self._engine.crash is not None:
                return self._engine.crash
        return None

    def stop(self) -> None:
        """End cleanly; what was under way goes on at the next start."""
        self._exits.close()

    def event_grid_url(self, function: str) -> str | None:
        """Where Event Grid delivers the events of a function; None when it does not take any."""
        found = self.catalog.with_trigger(EVENT_GRID)
        name = next((each.name for each in found if each.name.lower() == function.lower()), None)
        return name and f"{self.url}/runtime/webhooks/eventgrid?functionName={name}"

    def wait_idle(self, timeout: float = 120.0) -> None:
        """Wait until nothing is left to do before the next timer, at most `timeout` real seconds.

        With `skip`, until no timer is armed either. Raises TimeoutError.
        """
        self._engine.wait_idle(timeout)

    def wait_until_over(self, instance: str, timeout: float = 30.0) -> None:
        """Wait until an instance has ended, at most so many real seconds; activities may go on."""
        self._engine.wait_until_over(instance, timeout)

    @property
    def next_due(self) -> datetime | None:
        """When the host does the next thing, if nothing else happens before."""
        return self._engine.next_due

    def skipping(self) -> AbstractContextManager[None]:
        """Skip time while in this context, as with `skip`."""
        return self._engine.skipping()

    def paused(self) -> AbstractContextManager[None]:
        """While in this context, the engine does nothing: tests put things side by side meanwhile.
        HTTP calls of the app that wait for the engine do not end.
        """
        return self._engine.paused()

    @property
    def invocations(self) -> int:
        """How many turns and activities have been finished since the start."""
        return self._turns.taken + self._activities.finished

    def _build(self, exits: ExitStack) -> None:
        settings = host_settings(self._app_dir)
        web = new_application()
        server = Server(web, self._port)
        exits.callback(server.stop)
        self.url = server.url
        address = self.url.partition("//")[2]
        exits.callback(Environment(self._app_dir, address).close)
        arrivals = Arrivals(self._clock, self._as_azure, settings.polling)
        db = Database(self._state, self._clock, arrivals)
        exits.callback(db.close)
        app = self._load(self._app_dir)
        exits.callback(app.close)
        self.catalog = app.catalog
        routes = Routes(app.catalog.with_trigger(HTTP), settings.route_prefix)
        worker = Worker(links.client_json(self.url, settings.task_hub), app.runner)
        exits.callback(worker.stop)
        web.router.routes.extend(self._assemble(db, app.catalog, worker, settings, routes))
        self._engine.start()
        exits.callback(self._engine.stop)
        server.start()
        exits.callback(server.stop)
        exits.callback(self._timers.stop)

    def _assemble(
        self,
        db: Database,
        catalog: Catalog,
        worker: Worker,
        settings: HostSettings,
        routes: Routes,
    ) -> list[Route]:
        rules = self._rules(settings)
        orchestrations = Orchestrations(db, self._as_azure, settings.default_version)
        batches = EntityBatches(db, catalog, worker, self.deaths)
        self.store = Store(db)
        self._turns = Turns(db, catalog, worker, orchestrations, rules)
        self._activities = Activities(db, catalog, worker, rules, settings.max_activities)
        self._timers = timers = Timers(db, self._clock, catalog, worker)
        self._engine = engine = Engine(
            db, self._clock, self._turns.take_next, batches, self._activities, timers,
            skip=self._skip,
        )  # fmt: skip
        management = Management(
            db, engine, orchestrations, catalog, settings.task_hub, self._as_azure.shorten()
        ).handle
        event_grid = EventGridWebhook(catalog, worker, engine).handle
        functions = HttpFunctions(routes, worker, engine, self._home).handle
        admin = Admin(catalog, settings.route_prefix, timers)
        return served(management, event_grid, functions, admin)

    def _rules(self, settings: HostSettings) -> Rules:
        versions = VersionRule(
            settings.default_version, settings.version_match, settings.version_failure
        )
        return Rules(self._as_azure, self.deaths, versions)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
