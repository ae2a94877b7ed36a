"""The triggers: HTTP routes, the Event Grid trigger, and a timer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import azure.durable_functions as df

from durable import AzureReads
from rollout.access import AccessRules
from rollout.app_health import AppHealth
from rollout.inventory import Scopes
from triggers.dashboard import dashboard_routes
from triggers.event_grid import register_event_grid
from triggers.fleet_rollouts import fleet_routes
from triggers.followed_images import followed_image_routes
from triggers.health import health_routes
from triggers.management import management_routes
from triggers.openapi import openapi_routes
from triggers.policies import policy_routes
from triggers.retention_timer import register_retention_timer
from triggers.rollouts import rollout_routes
from triggers.scale_sets import scale_set_routes
from triggers.scope_guard import ScopeGuard
from triggers.suggestions import suggesting
from triggers.unknown_calls import register_unknown_calls
from triggers.verbs import verb_routes
from triggers.watch_timer import register_watch_timer
from triggers.web import register_route


def trigger_blueprint(
    reads: AzureReads,
    scopes: Callable[[], Scopes],
    app_health: Callable[[], AppHealth],
    retention: Callable[[], timedelta],
    access: Callable[[], AccessRules],
) -> df.Blueprint:
    """All routes, the Event Grid trigger and the timer, ready to be registered. `reads` reads scale
    sets and images, `scopes` is where the app may roll, `app_health` how it is set up, `retention`
    how long it keeps rollouts, `access` who may do what: the composition root passes them in,
    because nothing here knows Azure or the settings.
    """
    guard = ScopeGuard(scopes)
    scale_sets = guard.scale_sets(reads.scale_sets)
    reads = replace(
        reads,
        inspect=suggesting(guard.inspection(reads.inspect), scale_sets, lambda it: it.scale_set),
        scale_sets=replace(
            scale_sets,
            viewed=suggesting(scale_sets.viewed, scale_sets, lambda it: it),
            choices=suggesting(scale_sets.choices, scale_sets, lambda it: it),
        ),
    )
    functions = df.Blueprint()
    routes = [
        *rollout_routes(reads.inspect),
        *verb_routes(),
        *fleet_routes(reads),
        *management_routes(),
        *followed_image_routes(),
        *scale_set_routes(reads.scale_sets),
        *policy_routes(),
        *health_routes(app_health),
        *openapi_routes(),
        *dashboard_routes(),
    ]
    for route in routes:
        register_route(functions, route, access)
    register_unknown_calls(functions, routes, access)
    register_event_grid(functions)
    register_retention_timer(functions, retention)
    register_watch_timer(functions)
    return functions
