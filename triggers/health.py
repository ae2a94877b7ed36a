"""GET /api/health: the running version, and whether its settings are right."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from durable import (
    Client,
    given_up,
    line_now,
    list_fleets,
    list_rollouts,
    repairs_lines,
    with_standing,
)
from rollout.app_health import AppHealth, AppStatus, Unwell
from rollout.run import repairs_message
from triggers.web import Call, Route, answer

_HTTP = {
    AppStatus.HEALTHY: HTTPStatus.OK,
    AppStatus.WRONG_SETTINGS: HTTPStatus.SERVICE_UNAVAILABLE,
    AppStatus.STANDING_STILL: HTTPStatus.OK,
    AppStatus.REPAIRS_SUSPENDED: HTTPStatus.OK,
    AppStatus.NEWS_GIVEN_UP: HTTPStatus.OK,
}


def health_routes(health: Callable[[], AppHealth]) -> list[Route]:
    """It needs a function key like every other route: it shows settings and their values, and an
    open route would let anyone wake the app, which costs money.
    """

    async def view_health(call: Call) -> func.HttpResponse:
        found = health().with_line(await line_now(call.client))
        if found.status is AppStatus.HEALTHY:
            found = found.with_rollouts(await _unwell(call.client))
            found = found.with_repairs(await _suspended(call.client))
            found = found.with_news(await _undelivered(call.client))
        return answer(found.to_json(), _HTTP[found.status])

    return [Route("view_health", view_health, needs=frozenset())]


async def _unwell(client: Client) -> list[Unwell]:
    """Those of a newer version of the app, and those that have not looked at their instances."""
    active = [line for line in await list_rollouts(client) if not line.phase.ended]
    fleets = [line for line in await list_fleets(client) if not line.phase.ended]
    lines = [*await with_standing(client, active), *fleets]
    return [
        Unwell(id=line.id, message=line.message)
        for line in lines
        if line.newer or line.standing_still_since
    ]


async def _suspended(client: Client) -> list[Unwell]:
    """Those that could not resume the automatic repairs of their scale set."""
    lines = (await repairs_lines(client)).values()
    return [
        Unwell(id=line.id, message=repairs_message(line.why))
        for line in lines
        if line.pending and line.reported
    ]


async def _undelivered(client: Client) -> list[Unwell]:
    """What of which rollout a receiver was not told."""
    return [
        Unwell(
            id=lost.subject.id,
            message=f"{lost.receiver} was not told ({lost.kind}): {lost.message}. {lost.why}",
        )
        for lost in await given_up(client)
    ]
