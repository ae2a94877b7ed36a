"""The doors: HTTP in, JSON or problem+json out."""

import azure.durable_functions as df

from triggers import contract, rollouts
from triggers.route import register
from triggers.starting import Inspect


def blueprint(inspect: Inspect) -> df.Blueprint:
    """All routes, ready to be registered. `inspect` reads a scale set before a start: the
    composition root hands it in, because the doors know nothing of Azure.
    """
    functions = df.Blueprint()
    for route in [*rollouts.routes(inspect), *contract.routes()]:
        register(functions, route)
    return functions
