"""Reading request bodies: every error at once, each with its path."""

import json
from collections.abc import Mapping
from typing import Any, cast

import azure.functions as func
from pydantic import ValidationError

from rollout.problem import FieldError, field_errors
from rollout.value import Value
from triggers.answers import invalid

IDEMPOTENCY_KEY = "Idempotency-Key"


def read_request[T: Value](req: func.HttpRequest, kind: type[T]) -> T:
    """The request in the body; its id may come as Idempotency-Key. Raises Refused."""
    body: dict[str, Any] = _json_object(req)
    headers = cast("Mapping[str, str]", req.headers)
    key = headers.get(IDEMPOTENCY_KEY)
    if key and body.get("id", key) != key:
        message = f"differs from the {IDEMPOTENCY_KEY} header ({key}): give the same, or one"
        raise invalid([FieldError(path="id", message=message)])
    return read_value(kind, {**body, "id": key} if key else body)


def read_optional[T: Value](req: func.HttpRequest, kind: type[T]) -> T:
    """The value in the body, or one with its defaults when there is no body. Raises Refused."""
    return read_value(kind, _json_object(req) if req.get_body().strip() else {})


def read_value[T: Value](kind: type[T], data: object) -> T:
    """`data` as a value. Raises Refused with every error."""
    try:
        return kind.from_json(data)
    except ValidationError as error:
        raise invalid(field_errors(error)) from error


def _json_object(req: func.HttpRequest) -> dict[str, Any]:
    """Whatever the content type says: curl says form data where people forget to say JSON."""
    try:
        body = json.loads(req.get_body())
    except ValueError as error:
        message = f"is not valid JSON: {error}"
        raise invalid([FieldError(path="$", message=message)]) from error
    except RecursionError as error:
        raise invalid([FieldError(path="$", message="is nested too deeply")]) from error
    if not isinstance(body, dict):
        raise invalid([FieldError(path="$", message="must be a JSON object")])
    return cast("dict[str, Any]", body)
