"""The doors: HTTP in, JSON or problem+json out."""

import azure.durable_functions as df

from triggers import (
    contract,
    event_grid,
    fleet_rollouts,
    followed_images,
    rollouts,
    scale_sets,
    verbs,
)
from triggers.fleet_starting import FleetLooks
from triggers.route import register


def blueprint(looks: FleetLooks) -> df.Blueprint:
    """All routes, ready to be registered. `looks` reads scale sets and images: the composition root
    hands it in, because the doors know nothing of Azure.
    """
    functions = df.Blueprint()
    routes = [
        *rollouts.routes(looks.inspect),
        *verbs.routes(),
        *fleet_rollouts.routes(looks),
        *followed_images.routes(),
        *scale_sets.routes(looks.scale_sets),
    ]
    for route in [*routes, *contract.routes()]:
        register(functions, route)
    event_grid.register(functions)
    return functions
