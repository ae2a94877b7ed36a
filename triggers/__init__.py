"""The doors: HTTP in, JSON or problem+json out."""

from collections.abc import Callable
from datetime import timedelta

import azure.durable_functions as df

from rollout.app_health import AppHealth
from rollout.scope import Scopes
from triggers import contract, health, rollouts, scale_sets, verbs
from triggers import retention as clearing
from triggers.fence import Fence
from triggers.route import register
from triggers.scale_sets import ScaleSets
from triggers.starting import Inspect


def blueprint(
    inspect: Inspect,
    look: ScaleSets,
    scopes: Callable[[], Scopes],
    app_health: Callable[[], AppHealth],
    retention: Callable[[], timedelta],
) -> df.Blueprint:
    """All routes and the timer, ready to be registered. `inspect` reads a scale set before a start,
    `look` reads those there are, `scopes` says where the app may roll, `app_health` how it is set
    up, `retention` how long it remembers: the composition root hands them in, because the doors
    know nothing of Azure.
    """
    fence = Fence(scopes)
    inspect, look = fence.inspection(inspect), fence.looks(look)
    functions = df.Blueprint()
    routes = [*rollouts.routes(inspect), *verbs.routes(), *scale_sets.routes(look)]
    for route in [*routes, *health.routes(app_health), *contract.routes()]:
        register(functions, route)
    clearing.register(functions, retention)
    return functions
