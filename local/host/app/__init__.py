"""The app: loads it as the Functions host does, knows its functions and settings, and runs them."""

from local.host.app.app import App, AppError
from local.host.app.functions import (
    ACTIVITY,
    ENTITY,
    EVENT_GRID,
    HTTP,
    ORCHESTRATION,
    TIMER,
    Catalog,
    Function,
)
from local.host.app.option import add_worker_process
from local.host.app.runner import Load, WorkerDied
from local.host.app.settings import Environment, HostSettings, host_settings
from local.host.app.worker import Worker

__all__ = [
    "ACTIVITY",
    "ENTITY",
    "EVENT_GRID",
    "HTTP",
    "ORCHESTRATION",
    "TIMER",
    "App",
    "AppError",
    "Catalog",
    "Environment",
    "Function",
    "HostSettings",
    "Load",
    "Worker",
    "WorkerDied",
    "add_worker_process",
    "host_settings",
]
