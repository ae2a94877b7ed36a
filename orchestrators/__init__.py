"""The orchestrators: deterministic; of our packages, they import only `rollout/`.

They make no decisions themselves: they call pure functions of `rollout/`, schedule activities by
name, and wait with durable timers.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import azure.durable_functions as df

from orchestrators.quick_replay import quicken_replay

type Orchestrator = Callable[[Any], Any]

ORCHESTRATORS: Mapping[str, str] = {
    "hold_lock": "orchestrators.lock",
    "roll_out": "orchestrators.rollout",
    "stop_the_line": "orchestrators.line",
    "upgrade_batch": "orchestrators.rollout",
    "roll_out_fleet": "orchestrators.fleet",
    "roll_out_wave": "orchestrators.fleet",
    "follow_image": "orchestrators.follow",
    "clear_out": "orchestrators.retention",
    "watch": "orchestrators.watch",
    "deliver_news": "orchestrators.news",
}
"""Their names, which are those of their functions, and where they are imported from with their
first turn: an app that only answers HTTP calls never does.
"""


def orchestrator_blueprint() -> df.Blueprint:
    """All orchestrators, ready to be registered."""
    functions = df.Blueprint()
    for name in ORCHESTRATORS:
        functions.orchestration_trigger(context_name="context")(_imported_when_run(name))
    return functions


@cache
def orchestrator(name: str) -> Orchestrator:
    """The orchestrator of that name."""
    quicken_replay()
    return getattr(import_module(ORCHESTRATORS[name]), name)


def _imported_when_run(name: str) -> Orchestrator:
    def run(context: Any) -> Any:
        return orchestrator(name)(context)

    run.__name__ = name
    return run
