"""A managed identity, as App Service and Functions offer it to azure-identity."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.arm.base import Json
from local.arm.http.answer import json_answer
from local.arm.http.audience import token_for
from local.arm.http.problem import problem
from local.arm.model import Azure

PREFIX = "/msi"
# The caller compares it with its own wall clock, whatever time the simulation has: the year 2100.
_EXPIRES_ON = "4102444800"


def identity_route(azure: Azure) -> Route:
    """There is no secret: any X-IDENTITY-HEADER gets a token, for any resource, which says whose
    it is. The resources that were asked for are counted.
    """

    async def give(request: Request) -> Response:
        resource = request.query_params.get("resource")
        if not request.headers.get("x-identity-header") or not resource:
            return problem(400, "Send the header X-IDENTITY-HEADER and the parameter resource.")
        azure.tokens[resource] += 1
        return json_answer(_token(resource))

    return Route(f"{PREFIX}/token", give)


def _token(resource: str) -> Json:
    return {
        "access_token": token_for(resource),
        "expires_on": _EXPIRES_ON,
        "resource": resource,
        "token_type": "Bearer",
    }
