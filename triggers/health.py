"""GET /api/health: the running version, and whether its settings are right."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from rollout.app_health import AppHealth, AppStatus
from triggers.web import Call, Route, answer

_HTTP = {
    AppStatus.HEALTHY: HTTPStatus.OK,
    AppStatus.WRONG_SETTINGS: HTTPStatus.SERVICE_UNAVAILABLE,
}


def health_routes(health: Callable[[], AppHealth]) -> list[Route]:
    """It needs a function key like every other route: it shows settings and their values, and an
    open route would let anyone wake the app, which costs money.
    """

    async def view_health(_: Call) -> func.HttpResponse:
        found = health()
        return answer(found.to_json(), _HTTP[found.status])

    return [Route("view_health", "GET", "health", view_health)]
