"""Errors as values: in a request, in a setting, and refusals."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from rollout.base.value import Value
from rollout.base.wording import counted


class FieldError(Value):
    """An error and its path in the request, such as `policy.updateDomains[0]`."""

    path: str
    message: str


class Problem(Value):
    """An error response as in RFC 9457 (application/problem+json)."""

    type: str = "about:blank"
    status: int
    title: str
    detail: str
    errors: list[FieldError] = []
    rollout_id: str | None = None
    retry_after: int | None = None


class Refused(Exception):  # noqa: N818
    """Ends a request with this problem as its response."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def invalid(errors: list[FieldError]) -> Refused:
    """The refusal of an invalid request, with all its errors at once."""
    count = counted(len(errors), "error")
    return Refused(
        Problem(
            status=400,
            title="The request is not valid",
            detail=f"{count} in the request; nothing was done and nothing was changed.",
            errors=errors,
        )
    )


class SettingError(ValueError):
    """Raised when app settings are wrong. `errors` lists each setting by name, with what is wrong
    and how to set it.
    """

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = list(errors)


def field_errors(error: ValidationError) -> list[FieldError]:
    """Every validation error, each with its path in the JSON document."""
    return [
        FieldError(path=_path(detail["loc"]), message=_message(detail["type"], detail["msg"]))
        for detail in error.errors(include_url=False, include_context=False)
    ]


_SUBJECT = re.compile(r"^(Input|String|List|Tuple|Dictionary|Value) should ")
_OBJECT = 'must be a JSON object, such as {"name": "value"}'
_MESSAGES = {
    "extra_forbidden": "is not a field of this request: correct its name or leave it out",
    "too_short": "must not be empty",
    "missing": "is required",
    "string_pattern_mismatch": "has characters that are not allowed here, or is empty or too long",
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": "must be a JSON array, such as [1, 2]",
    "tuple_type": "must be a JSON array, such as [1, 2]",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "timezone_aware": 'must have a time zone, as in "2026-07-01T16:00:00Z"',
}


FORM = "="
"""With what the tag of a form begins that a field of several forms may have."""
_OF_KINDS, _KINDS = {"check", "call"}, {"http", "alert", "metric", "query", "callback"}
"""The fields that hold an object of one of these kinds: pydantic puts that into the path."""


def _path(location: Sequence[int | str]) -> str:
    parts = [
        part
        for before, part in zip(["", *location], location, strict=False)
        if (before not in _OF_KINDS or part not in _KINDS) and not str(part).startswith(FORM)
    ]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.removeprefix(".") or "$"


def _message(kind: str, message: str) -> str:
    """Pydantic's own words are about Python."""
    return _MESSAGES.get(kind) or _SUBJECT.sub("must ", message.removeprefix("Value error, "))
