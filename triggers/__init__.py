"""The doors: HTTP in, JSON or problem+json out."""

from collections.abc import Callable

import azure.durable_functions as df

from rollout.app_health import AppHealth
from triggers import contract, health, rollouts, scale_sets, verbs
from triggers.route import register
from triggers.scale_sets import ScaleSets
from triggers.starting import Inspect


def blueprint(
    inspect: Inspect, look: ScaleSets, app_health: Callable[[], AppHealth]
) -> df.Blueprint:
    """All routes, ready to be registered. `inspect` reads a scale set before a start, `look` reads
    those there are, `app_health` says how the app is set up: the composition root hands them in,
    because the doors know nothing of Azure.
    """
    functions = df.Blueprint()
    routes = [*rollouts.routes(inspect), *verbs.routes(), *scale_sets.routes(look)]
    for route in [*routes, *health.routes(app_health), *contract.routes()]:
        register(functions, route)
    return functions
