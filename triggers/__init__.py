"""The doors: HTTP in, JSON or problem+json out; Event Grid; and a timer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import azure.durable_functions as df

from rollout.app_health import AppHealth
from rollout.scope import Scopes
from triggers import (
    contract,
    event_grid,
    fleet_rollouts,
    followed_images,
    health,
    rollouts,
    scale_sets,
    verbs,
)
from triggers import retention as clearing
from triggers.fence import Fence
from triggers.fleet_starting import FleetLooks
from triggers.route import register


def blueprint(
    looks: FleetLooks,
    scopes: Callable[[], Scopes],
    app_health: Callable[[], AppHealth],
    retention: Callable[[], timedelta],
) -> df.Blueprint:
    """All routes, the Event Grid trigger and the timer, ready to be registered. `looks` reads scale
    sets and images, `scopes` says where the app may roll, `app_health` how it is set up,
    `retention` how long it remembers: the composition root hands them in, because the doors know
    nothing of Azure.
    """
    fence = Fence(scopes)
    looks = replace(
        looks,
        inspect=fence.inspection(looks.inspect),
        scale_sets=fence.looks(looks.scale_sets),
    )
    functions = df.Blueprint()
    routes = [
        *rollouts.routes(looks.inspect),
        *verbs.routes(),
        *fleet_rollouts.routes(looks),
        *followed_images.routes(),
        *scale_sets.routes(looks.scale_sets),
        *health.routes(app_health),
        *contract.routes(),
    ]
    for route in routes:
        register(functions, route)
    event_grid.register(functions)
    clearing.register(functions, retention)
    return functions
