"""What answers the triggers, put together with the first call of any of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import azure.functions as func

from durable import AzureReads, Inspect, ReadRules, announcing
from rollout.access import AccessRules
from rollout.app_health import AppHealth
from rollout.inventory import Scopes
from triggers.callbacks import callback_routes
from triggers.dashboard import dashboard_routes
from triggers.event_grid import on_image_published
from triggers.fleet_rollouts import fleet_routes
from triggers.followed_images import followed_image_routes
from triggers.health import health_routes
from triggers.line import line_routes
from triggers.management import management_routes
from triggers.news import NewsAccess, news_routes
from triggers.openapi import openapi_routes
from triggers.policies import policy_routes
from triggers.retention_timer import clear_out_daily
from triggers.rollouts import rollout_routes
from triggers.scale_sets import scale_set_routes
from triggers.scope_guard import ScopeGuard
from triggers.suggestions import suggesting
from triggers.unknown_calls import unknown_route
from triggers.verbs import verb_routes
from triggers.watch_timer import watch_rollouts
from triggers.web import Route, answered

type Respond = Callable[[func.HttpRequest, Any, str], Awaitable[func.HttpResponse]]
"""Answers a request, with Durable's client, under the id that Functions gave the invocation."""


@dataclass(frozen=True)
class Handlers:
    """What answers: HTTP calls by their names, an event, and the timers, each with Durable's
    client.
    """

    http: Mapping[str, Respond]
    image_published: Callable[[str, Any], Awaitable[None]]
    clear_out: Callable[[Any], Awaitable[None]]
    watch: Callable[[Any], Awaitable[None]]


def handlers_of(
    reads: AzureReads,
    scopes: Callable[[], Scopes],
    app_health: Callable[[], AppHealth],
    retention: Callable[[], timedelta],
    access: Callable[[], AccessRules],
    news: NewsAccess,
) -> Handlers:
    """`reads` reads scale sets and images, `scopes` is where the app may roll, `app_health` how it
    is set up, `retention` how long it keeps rollouts, `access` who may do what, `news` who is told
    what, and tells them: the composition root passes them in, because nothing here knows Azure or
    the settings.
    """
    routes = _routes(_guarded(reads, scopes), app_health, news)
    return Handlers(
        {
            route.name: _announced(partial(answered, route, access), news.rules)
            for route in [*routes, unknown_route(routes)]
        },
        lambda event, client: on_image_published(event, announcing(client, news.rules)),
        partial(clear_out_daily, retention),
        partial(watch_rollouts, news.rules),
    )


def _announced(respond: Respond, news: ReadRules) -> Respond:
    """With a client that lets those know who are to hear of what is started."""
    return lambda req, client, invocation: respond(req, announcing(client, news), invocation)


def _guarded(reads: AzureReads, scopes: Callable[[], Scopes]) -> AzureReads:
    guard = ScopeGuard(scopes)
    scale_sets = guard.scale_sets(reads.scale_sets)

    def guarded(inspect: Inspect) -> Inspect:
        return suggesting(guard.inspection(inspect), scale_sets, lambda it: it.scale_set)

    return replace(
        reads,
        inspect=guarded(reads.inspect),
        inspect_for_reader=guarded(reads.inspect_for_reader),
        scale_sets=replace(
            scale_sets,
            viewed=suggesting(scale_sets.viewed, scale_sets, lambda it: it),
            choices=suggesting(scale_sets.choices, scale_sets, lambda it: it),
            rights=suggesting(scale_sets.rights, scale_sets, lambda it: it),
        ),
    )


def _routes(
    reads: AzureReads, app_health: Callable[[], AppHealth], news: NewsAccess
) -> list[Route]:
    return [
        *rollout_routes(reads, news.rules),
        *verb_routes(),
        *fleet_routes(reads, news.rules),
        *management_routes(),
        *followed_image_routes(),
        *scale_set_routes(reads.scale_sets),
        *policy_routes(),
        *line_routes(),
        *news_routes(news),
        *callback_routes(),
        *health_routes(app_health),
        *openapi_routes(),
        *dashboard_routes(),
    ]
