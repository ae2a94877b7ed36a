"""What host.json, local.settings.json and the environment say."""

import json
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

THREADS = "16"  # more than the activities at once, so that slow ones do not starve the turns


@dataclass(frozen=True, slots=True)
class HostSettings:
    """The parts of host.json that the local host obeys; defaults are the Functions host's."""

    route_prefix: str = "api"
    task_hub: str = "TestHubName"
    default_version: str | None = None
    version_match: str = "CurrentOrOlder"
    version_failure: str = "Reject"
    max_activities: int = 10
    polling: timedelta = timedelta(seconds=30)
    """The longest time between two looks of a worker into a queue (maxQueuePollingInterval)."""


def host_settings(app_dir: Path) -> HostSettings:
    """Read host.json. Raises ValueError when it is missing or is not JSON."""
    path = app_dir / "host.json"
    if not path.is_file():
        raise ValueError(f"there is no host.json in {app_dir}: every Functions app needs one")
    extensions: dict[str, Any] = _object(path).get("extensions", {})
    durable: dict[str, Any] = extensions.get("durableTask", {})
    return HostSettings(
        route_prefix=extensions.get("http", {}).get("routePrefix", "api"),
        task_hub=durable.get("hubName", "TestHubName"),
        default_version=durable.get("defaultVersion"),
        version_match=durable.get("versionMatchStrategy", "CurrentOrOlder"),
        version_failure=durable.get("versionFailureStrategy", "Reject"),
        max_activities=durable.get("maxConcurrentActivityFunctions", 10),
        polling=_polling(durable),
    )


def _polling(durable: dict[str, Any]) -> timedelta:
    text: str = durable.get("storageProvider", {}).get("maxQueuePollingInterval", "00:00:30")
    hours, minutes, seconds = map(float, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


HOSTNAME = "WEBSITE_HOSTNAME"


class Environment:
    """The app settings, set while the host runs; what is already set is left alone. Where it is
    (`address`, a host and a port) it says itself, as Core Tools do.
    """

    def __init__(self, app_dir: Path, address: str) -> None:
        settings = {
            "AzureWebJobsScriptRoot": str(app_dir),
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "PYTHON_THREADPOOL_THREAD_COUNT": THREADS,
        }
        settings.update(_local_settings(app_dir))
        environ = os.environ  # noqa: TID251 - the host hands the app its settings, as Azure does
        self._set = {name: value for name, value in settings.items() if name not in environ}
        environ.update(self._set)
        self._before = environ.get(HOSTNAME)
        environ[HOSTNAME] = address

    def close(self) -> None:
        for name in self._set:
            os.environ.pop(name, None)  # noqa: TID251 - see above
        os.environ.pop(HOSTNAME, None)  # noqa: TID251 - see above
        if self._before is not None:
            os.environ[HOSTNAME] = self._before  # noqa: TID251 - see above


def _local_settings(app_dir: Path) -> dict[str, str]:
    path = app_dir / "local.settings.json"
    if not path.is_file():
        return {}
    values: dict[str, Any] = _object(path).get("Values", {})
    return {name: str(value) for name, value in values.items()}


def _object(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
