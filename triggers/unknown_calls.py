"""Every call that is no route's: says what there is instead of nothing at all."""

import re
from collections.abc import Sequence
from http import HTTPStatus

import azure.durable_functions as df
import azure.functions as func

from rollout.base import Problem, sentence
from triggers.web import Access, Call, Route, problem_answer, register_route

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_NAME = "zz_unknown_call"
"""The Functions host asks its routes in the order of their functions' names, and takes the first
that matches: this one matches everything, and must come last.
"""


def register_unknown_calls(
    functions: df.Blueprint, routes: Sequence[Route], access: Access
) -> None:
    """Register the function that answers what none of these routes answers."""

    async def refuse(call: Call) -> func.HttpResponse:
        path = call.req.route_params.get("rest", "").strip("/")
        method = call.req.method or ""
        allowed = [route.method for route in routes if _fits(route, path)]
        headers = {"Allow": ", ".join(allowed)} if allowed else {}
        return problem_answer(unknown_call(method, path, allowed, routes), headers)

    route = Route(_NAME, "", "{*rest}", refuse, any_query=True, needs=frozenset())
    register_route(functions, route, access, _METHODS)


def unknown_call(
    method: str, path: str, allowed: Sequence[str], routes: Sequence[Route]
) -> Problem:
    """404 with the calls that begin alike; 405 if the path is one, but for another method."""
    call = f"{method} /api/{sentence(path)}"
    if allowed:
        return Problem(
            status=HTTPStatus.METHOD_NOT_ALLOWED,
            title="No such method",
            detail=f"There is no {call}: that path takes {', '.join(allowed)}. "
            "Nothing was changed.",
        )
    return Problem(
        status=HTTPStatus.NOT_FOUND,
        title="No such call",
        detail=f"There is no {call}. There are: {', '.join(_alike(path, routes))}. GET "
        "/api/openapi.json describes them. Nothing was changed.",
    )


def _alike(path: str, routes: Sequence[Route]) -> list[str]:
    """The calls whose path begins with the same word; all of them if none does."""
    first = path.partition("/")[0].lower()
    alike = [route for route in routes if route.path.partition("/")[0] == first]
    return [f"{route.method} /api/{route.path}" for route in alike or routes]


def _fits(route: Route, path: str) -> bool:
    parts = re.split(r"\{\*?\w+\}", route.path)
    segment = ".+" if "{*" in route.path else "[^/]+"
    return re.fullmatch(segment.join(map(re.escape, parts)), path, re.IGNORECASE) is not None
