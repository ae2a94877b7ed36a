"""HTTP responses: JSON, or application/problem+json (RFC 9457)."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

import azure.functions as func

from rollout.base import Problem, Refused


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> func.HttpResponse:
    """A JSON response."""
    return func.HttpResponse(
        _document(body), status_code=status, headers=headers, mimetype="application/json"
    )


def _document(body: object) -> str:
    """With a line break at its end, for those who read it in a terminal."""
    return f"{json.dumps(body)}\n"


def lines_answer(items: Iterable[object]) -> func.HttpResponse:
    """One JSON document per line (NDJSON)."""
    lines = "".join(map(_document, items))
    return func.HttpResponse(lines, mimetype="application/x-ndjson")


def problem_answer(problem: Problem, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
    """The problem with its own content type; Retry-After in seconds if a retry may help."""
    wait = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        wait["WWW-Authenticate"] = "Bearer"
    return func.HttpResponse(
        _document(problem.to_json()),
        status_code=problem.status,
        headers={**wait, **(headers or {})},
        mimetype="application/problem+json",
    )


def not_found(rollout_id: str) -> Refused:
    """The refusal for an id that no rollout has."""
    return Refused(
        Problem(
            status=404,
            title="No such rollout",
            detail=f"There is no rollout {rollout_id!r}. GET /api/rollouts lists those there are.",
        )
    )


SECURITY: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Browsers must not run JSON, show it in a frame, cache it or guess its type; and a URL that
contains a `code` must not be sent on as a referrer. A page declares for itself what it loads.
"""


def secured(response: func.HttpResponse) -> func.HttpResponse:
    """The response with these headers; headers it already has are kept."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
