"""Every call that is no route's: says what there is instead of nothing at all."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from http import HTTPStatus

import azure.functions as func

from rollout.base import Problem, sentence
from triggers.calls import UNKNOWN
from triggers.web import Call, Route, problem_answer

_ALIKE = 0.75
"""How alike two words must be for the one to be meant by the other: from 0 (not at all) to 1."""
_SHOWN = 3


def unknown_route(routes: Sequence[Route]) -> Route:
    """The route that answers what none of these routes answers."""

    async def refuse(call: Call) -> func.HttpResponse:
        path = call.req.route_params.get("rest", "").strip("/")
        method = call.req.method or ""
        allowed = [route.method for route in routes if _fits(route, path)]
        headers = {"Allow": ", ".join(allowed)} if allowed else {}
        return problem_answer(unknown_call(method, path, allowed, routes), headers)

    return Route(UNKNOWN, refuse, any_query=True, needs=frozenset())


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
    near = _near(method, path.lower(), routes)
    there = f"Did you mean {' or '.join(near)}?" if near else f"There are: {_begun(path, routes)}."
    return Problem(
        status=HTTPStatus.NOT_FOUND,
        title="No such call",
        detail=f"There is no {call}. {there} GET /api/openapi.json describes all calls. "
        "Nothing was changed.",
    )


def _near(method: str, path: str, routes: Sequence[Route]) -> list[str]:
    """The calls that the path may be a misspelling of, the likeliest first."""
    scored = [(_likeness(route.path, path), route) for route in routes]
    found = [(score, route) for score, route in scored if score > 0]
    found.sort(key=lambda each: (each[1].method != method, -each[0]))
    return [_shown(route) for _, route in found[:_SHOWN]]


def _likeness(pattern: str, path: str) -> float:
    """That of the least alike of their words; 0 if one is no misspelling of the other."""
    parts, words = pattern.split("/"), path.split("/")
    if len(parts) != len(words) or "*" in pattern or not all(words):
        return 0
    literals = [(part, word) for part, word in zip(parts, words, strict=True) if "{" not in part]
    least = min(SequenceMatcher(None, part, word).ratio() for part, word in literals)
    return least if least >= _ALIKE else 0


def _begun(path: str, routes: Sequence[Route]) -> str:
    """The calls whose path begins with the same word; all of them if none does."""
    first = path.partition("/")[0].lower()
    begun = [route for route in routes if route.path.partition("/")[0] == first]
    return ", ".join(map(_shown, begun or routes))


def _shown(route: Route) -> str:
    return f"{route.method} /api/{route.path}"


def _fits(route: Route, path: str) -> bool:
    parts = re.split(r"\{\*?\w+\}", route.path)
    segment = ".+" if "{*" in route.path else "[^/]+"
    return re.fullmatch(segment.join(map(re.escape, parts)), path, re.IGNORECASE) is not None
