"""The doors: HTTP in, JSON or problem+json out."""

import azure.durable_functions as df

from triggers import contract, rollouts, scale_sets, verbs
from triggers.route import register
from triggers.scale_sets import ScaleSets
from triggers.starting import Inspect


def blueprint(inspect: Inspect, look: ScaleSets) -> df.Blueprint:
    """All routes, ready to be registered. `inspect` reads a scale set before a start, `look` reads
    those there are: the composition root hands them in, because the doors know nothing of Azure.
    """
    functions = df.Blueprint()
    routes = [*rollouts.routes(inspect), *verbs.routes(), *scale_sets.routes(look)]
    for route in [*routes, *contract.routes()]:
        register(functions, route)
    return functions
