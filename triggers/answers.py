"""HTTP answers: JSON, or application/problem+json (RFC 9457)."""

import json
from collections.abc import Iterable, Mapping

import azure.functions as func

from rollout.problem import FieldError, Problem, Refused


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> func.HttpResponse:
    """A JSON answer."""
    return func.HttpResponse(
        json.dumps(body), status_code=status, headers=headers, mimetype="application/json"
    )


def lines_answer(items: Iterable[object]) -> func.HttpResponse:
    """A JSON document per line (NDJSON)."""
    lines = "".join(f"{json.dumps(item)}\n" for item in items)
    return func.HttpResponse(lines, mimetype="application/x-ndjson")


def problem_answer(problem: Problem) -> func.HttpResponse:
    """The problem as its own kind of JSON; Retry-After in seconds where it helps to try again."""
    retry_after = problem.retry_after
    return func.HttpResponse(
        json.dumps(problem.to_json()),
        status_code=problem.status,
        headers=None if retry_after is None else {"Retry-After": str(retry_after)},
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


def invalid(errors: list[FieldError]) -> Refused:
    """The refusal for a request with errors in it: all of them at once."""
    count = f"{len(errors)} error" if len(errors) == 1 else f"{len(errors)} errors"
    return Refused(
        Problem(
            status=400,
            title="The request is not valid",
            detail=f"{count} in the request; nothing was started and nothing was changed.",
            errors=errors,
        )
    )
