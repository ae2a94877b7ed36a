"""What went wrong, as values: errors in a request, refusals, and answers Azure gave."""

import json
import re
from collections.abc import Sequence
from enum import StrEnum
from http import HTTPStatus
from math import ceil

from pydantic import ValidationError

from rollout.missing_right import MissingRight
from rollout.value import Value


class FieldError(Value):
    """One error and where in the request it is, such as `policy.updateDomains[0]`."""

    path: str
    message: str


class Problem(Value):
    """An answer in the form of RFC 9457 (application/problem+json)."""

    type: str = "about:blank"
    status: int
    title: str
    detail: str
    errors: list[FieldError] = []
    rollout_id: str | None = None
    retry_after: int | None = None


class Refused(Exception):  # noqa: N818
    """Ends a request with this problem as its answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class ArmErrorKind(StrEnum):
    """What an error answer from Azure means for us."""

    NOT_FOUND = "notFound"
    REFUSED = "refused"
    STALE = "stale"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


class ArmError(Value):
    """An error answer of Azure Resource Manager, or none at all (status 0: no connection).

    `retry_after` is in seconds. Stale (412, or an instance that is gone) means: read again. Busy
    (409, another operation runs) and unavailable (429, 5xx, no connection) pass by themselves.
    None of them says anything about health.
    """

    kind: ArmErrorKind
    action: str
    resource: str
    status: int
    code: str
    message: str
    retry_after: float | None = None

    @property
    def passes(self) -> bool:
        return self.kind in {ArmErrorKind.BUSY, ArmErrorKind.UNAVAILABLE}

    def __str__(self) -> str:
        return f"could not {self.action} {self.resource}: {self.code}: {sentence(self.message)}"

    def as_problem(self) -> Problem:
        """The answer for the caller of our API."""
        status = _PROBLEM_STATUS.get(self.kind, 403 if self.status in {401, 403} else 502)
        wait = None if self.retry_after is None else ceil(self.retry_after)
        lacking = MissingRight.told_by(self.message)
        advice = f"{lacking}. Nothing was changed." if lacking else _ADVICE.get(self.kind, _NOTHING)
        return Problem(
            status=status,
            title="Azure did not do what was needed",
            detail=f"Azure Resource Manager: {self}. {advice}",
            retry_after=wait if wait or status != HTTPStatus.SERVICE_UNAVAILABLE else 15,
        )


_PROBLEM_STATUS = {
    ArmErrorKind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ArmErrorKind.STALE: HTTPStatus.CONFLICT,
    ArmErrorKind.BUSY: HTTPStatus.CONFLICT,
    ArmErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_NOTHING = "Nothing was changed."
_ADVICE = {
    ArmErrorKind.NOT_FOUND: "Check the id, and that the app's identity may read it.",
    ArmErrorKind.UNAVAILABLE: "Nothing was changed; try again later.",
}


_LONGEST_TEXT = 500


def sentence(text: str) -> str:
    """Somebody else's text as a part of ours: on one line, not too long, without a full stop."""
    return shortened(" ".join(text.split()), _LONGEST_TEXT).rstrip(".")


def shortened(text: str, room: int) -> str:
    """The text, cut so that its JSON has at most about `room` characters: Durable's JSON needs six
    for a character that is not ASCII.
    """
    if len(json.dumps(text)) <= room:
        return text
    taken = 0
    for kept, letter in enumerate(text):
        taken += len(json.dumps(letter)) - 2
        if taken > room:
            return f"{text[:kept]} …"
    return text


class SettingError(ValueError):
    """Raised where settings of the app are wrong. `errors` says of each, under its name, what is
    wrong and how to set it.
    """

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = list(errors)

    def as_arm_error(self) -> ArmError:
        """For a rollout under way: nobody could be asked. It waits until the setting is right."""
        return ArmError(
            kind=ArmErrorKind.UNAVAILABLE,
            action="ask",
            resource="Azure Resource Manager",
            status=0,
            code="WrongSetting",
            message=str(self),
        )


class ArmFailure(Exception):  # noqa: N818
    """Raised where Azure Resource Manager gave an error answer, or none; `error` says which."""

    def __init__(self, error: ArmError) -> None:
        super().__init__(str(error))
        self.error = error


def field_errors(error: ValidationError) -> list[FieldError]:
    """Every error of a validation, each with its path in the JSON document."""
    return [
        FieldError(path=_path(one["loc"]), message=_message(one["type"], one["msg"]))
        for one in error.errors(include_url=False, include_context=False)
    ]


_SUBJECT = re.compile(r"^(Input|String|List|Tuple|Dictionary) should ")


def _path(location: Sequence[int | str]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.removeprefix(".") or "$"


def _message(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not a field of this request: correct its name or leave it out"
    if kind == "too_short":
        return "must not be empty"
    if kind == "missing":
        return "is required"
    if kind == "string_pattern_mismatch":
        return "has characters that are not allowed here, or is empty or too long"
    return _SUBJECT.sub("must ", message.removeprefix("Value error, "))
