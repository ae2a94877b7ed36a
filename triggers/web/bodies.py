"""Reads request bodies: reports every error at once, each with its path."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import azure.functions as func
from pydantic import ValidationError

from rollout.base import FieldError, Problem, Refused, Request, field_errors, invalid, sentence

IDEMPOTENCY_KEY = "Idempotency-Key"
LARGEST_BODY = 256 * 1024
"""In bytes. A request with a thousand instance ids has 15 KB; the Functions host accepts 100 MB."""


def read_request[T: Request](req: func.HttpRequest, kind: type[T]) -> T:
    """The request in the body; its id may come as Idempotency-Key. Raises Refused."""
    body: dict[str, Any] = _json_object(req)
    headers = cast("Mapping[str, str]", req.headers)
    key = headers.get(IDEMPOTENCY_KEY)
    if key and body.get("id", key) != key:
        message = f"differs from the {IDEMPOTENCY_KEY} header ({key}): give only one"
        raise invalid([FieldError(path="id", message=message)])
    return read_value(kind, {**body, "id": key} if key else body)


def read_optional[T: Request](req: func.HttpRequest, kind: type[T]) -> T:
    """The value in the body, or its defaults if there is no body. Raises Refused."""
    return read_value(kind, _json_object(req) if req.get_body().strip() else {})


def read_value[T: Request](kind: type[T], data: object) -> T:
    """`data` as a value. Raises Refused with every error."""
    try:
        return kind.from_request(data)
    except ValidationError as error:
        raise invalid(field_errors(error)) from error


def _json_object(req: func.HttpRequest) -> dict[str, Any]:
    """Ignores the content type: curl sends form data if people forget to set JSON."""
    try:
        body = json.loads(req.get_body(), object_pairs_hook=_unique)
    except ValueError as error:
        message = f"is not valid JSON: {error}"
        raise invalid([FieldError(path="$", message=message)]) from error
    except RecursionError as error:
        raise invalid([FieldError(path="$", message="is nested too deeply")]) from error
    if not isinstance(body, dict):
        raise invalid([FieldError(path="$", message="must be a JSON object")])
    return cast("dict[str, Any]", body)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Raises ValueError for an object that has a name twice: who checked it before us may have read
    the other one.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{sentence(twice)!r} is there twice in one object")
    return found


def refuse_if_too_large(req: func.HttpRequest) -> None:
    """Raises Refused (413) before the body is parsed."""
    size = len(req.get_body())
    if size <= LARGEST_BODY:
        return
    raise Refused(
        Problem(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            title="The request is too large",
            detail=f"The body has {size} bytes; the limit is {LARGEST_BODY}. Nothing was started "
            "and nothing was changed: leave out what is no field of the request.",
        )
    )
