"""The local Functions host: one app, one state directory, one clock."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Self

from starlette.applications import Starlette
from starlette.routing import Route

from local.base import Clock, Server
from local.host.app import (
    EVENT_GRID,
    HTTP,
    App,
    Catalog,
    Environment,
    HostSettings,
    Worker,
    host_settings,
)
from local.host.engine import Activities, Engine, EntityBatches, Orchestrations, Timers, Turns
from local.host.http import (
    METHODS,
    Admin,
    EventGridWebhook,
    HttpFunctions,
    Management,
    Routes,
    links,
)
from local.host.store import Database, Store


class Host:
    """Runs an unmodified app; a context manager.

    Time: a ScaledClock runs by itself; a ManualClock moves when it is moved; with `skip`, a
    ManualClock jumps to the earliest timer whenever no turn, activity, entity or HTTP call of the
    app is under way (timers of suspended instances are left alone). Port 0 takes a free one.
    """

    store: Store
    catalog: Catalog

    def __init__(
        self, app_dir: Path, state: Path, clock: Clock, port: int = 0, *, skip: bool = False
    ) -> None:
        self._app_dir = app_dir.resolve()
        self._state = state.resolve()
        self._clock = clock
        self._port = port
        self._skip = skip
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

    def stop(self) -> None:
        """End cleanly; what was under way goes on at the next start."""
        self._exits.close()

    def event_grid_url(self, function: str) -> str | None:
        """Where Event Grid delivers the events of a function; None when it does not take any."""
        found = self.catalog.with_trigger(EVENT_GRID)
        name = next((each.name for each in found if each.name.lower() == function.lower()), None)
        return name and f"{self.url}/runtime/webhooks/eventgrid?functionName={name}"

    def wait_idle(self, timeout: float = 30.0) -> None:
        """Wait until nothing is left to do before the next timer, at most `timeout` real seconds.

        With `skip`, until no timer is armed either. Raises TimeoutError.
        """
        self._engine.wait_idle(timeout)

    def skipping(self) -> AbstractContextManager[None]:
        """Skip time while in this context, as with `skip`."""
        return self._engine.skipping()

    @property
    def invocations(self) -> int:
        """How many turns and activities have been finished since the start."""
        return self._turns.taken + self._activities.finished

    def _build(self, exits: ExitStack) -> None:
        settings = host_settings(self._app_dir)
        exits.callback(Environment(self._app_dir).close)
        db = Database(self._state, self._clock)
        exits.callback(db.close)
        app = App(self._app_dir)
        exits.callback(app.close)
        self.catalog = app.catalog
        routes = Routes(app.catalog.with_trigger(HTTP), settings.route_prefix)
        web = Starlette()
        server = Server(web, self._port)
        self.url = server.url
        worker = Worker(links.client_json(self.url, settings.task_hub))
        exits.callback(worker.stop)
        web.router.routes.extend(self._assemble(db, app.catalog, worker, settings, routes))
        self._engine.start()
        exits.callback(self._engine.stop)
        server.start()
        exits.callback(server.stop)

    def _assemble(
        self,
        db: Database,
        catalog: Catalog,
        worker: Worker,
        settings: HostSettings,
        routes: Routes,
    ) -> list[Route]:
        clock = self._clock
        orchestrations = Orchestrations(db, clock, settings.default_version)
        batches = EntityBatches(db, clock, catalog, worker)
        self.store = Store(db)
        self._turns = Turns(db, clock, catalog, worker, orchestrations)
        self._activities = Activities(db, clock, catalog, worker, settings.max_activities)
        timers = Timers(db, clock, catalog, worker)
        self._engine = engine = Engine(
            db, clock, self._turns.take_next, batches.run_next, self._activities, timers,
            skip=self._skip,
        )  # fmt: skip
        management = Management(db, engine, orchestrations, catalog, settings.task_hub).handle
        event_grid = EventGridWebhook(catalog, worker, engine).handle
        functions = HttpFunctions(routes, worker, engine).handle
        admin = Admin(catalog, settings.route_prefix, timers)
        return [
            Route(f"{links.WEBHOOK}/{{path:path}}", management, methods=METHODS),
            Route(f"{links.RPC}/{{path:path}}", management, methods=METHODS),
            Route("/runtime/webhooks/eventgrid", event_grid, methods=METHODS),
            Route("/admin/host/status", admin.status),
            Route("/admin/functions", admin.functions),
            Route("/admin/functions/{name}", admin.run, methods=["POST"]),
            Route("/{path:path}", functions, methods=METHODS),
        ]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
