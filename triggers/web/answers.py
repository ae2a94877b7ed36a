"""HTTP responses: JSON, or application/problem+json (RFC 9457)."""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import cast

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

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_TAG_DIGITS = 32


def conditional(req: func.HttpRequest, response: func.HttpResponse) -> func.HttpResponse:
    """The response with a tag of its body (RFC 9110), or 304 without a body if the caller has that
    one already. The tag is a weak one: what stands between may pack the body. Browsers still keep
    nothing by themselves: a page sends the tag of what it shows.
    """
    if req.method != "GET" or response.status_code != HTTPStatus.OK:
        return response
    digest = sha256(response.get_body()).hexdigest()[:_TAG_DIGITS]
    headers = {**response.headers, "ETag": f'W/"{digest}"'}
    if _has(req, f'"{digest}"'):
        return func.HttpResponse(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response


def _has(req: func.HttpRequest, tag: str) -> bool:
    known = cast("Mapping[str, str]", req.headers).get("If-None-Match", "")
    return known.strip() == "*" or tag in _TAG.findall(known)


def secured(response: func.HttpResponse) -> func.HttpResponse:
    """The response with these headers; headers it already has are kept."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
