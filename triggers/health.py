"""GET /api/health: what runs, and whether it is set up to work."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from rollout.app_health import AppHealth, AppStatus
from triggers.answers import answer
from triggers.route import Call, Route

_HTTP = {
    AppStatus.HEALTHY: HTTPStatus.OK,
    AppStatus.WRONG_SETTINGS: HTTPStatus.SERVICE_UNAVAILABLE,
}


def routes(health: Callable[[], AppHealth]) -> list[Route]:
    """It needs a function key like every other route: it names settings and what they are set to,
    and an open route would let anybody wake the app, which costs money.
    """

    async def view_health(_: Call) -> func.HttpResponse:
        found = health()
        return answer(found.to_json(), _HTTP[found.status])

    return [Route("view_health", "GET", "health", view_health)]
