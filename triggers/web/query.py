"""The query parameters of a list."""

import re
from collections.abc import Mapping
from typing import cast

import azure.functions as func

from rollout.base import FieldError, Phase, invalid

LOG = ("format", "after")
"""The query parameters of a call that returns an event log."""
_OF_THE_HOST = {"code", "clientId"}
"""Where a caller puts a function key, and its name."""


def refuse_unknown_parameters(req: func.HttpRequest, known: tuple[str, ...]) -> None:
    """Raises Refused for a query parameter that would be ignored: who sent it relies on it."""
    sent = cast("Mapping[str, str]", req.params)
    takes = f"use {', '.join(known)}" if known else "leave it out: this call has none"
    message = f"is not a query parameter of this call: {takes}"
    unknown = [name for name in sent if name not in {*known, *_OF_THE_HOST}]
    if unknown:
        raise invalid([FieldError(path=name, message=message) for name in unknown])


def wants_lines(req: func.HttpRequest) -> bool:
    """Whether to return one line per item (?format=ndjson, for logs and archives) instead of a JSON
    array. Raises Refused for any other format.
    """
    form = req.params.get("format", "json")
    if form not in {"json", "ndjson"}:
        raise invalid([FieldError(path="format", message="must be json or ndjson")])
    return form == "ndjson"


MOST = 999_999_999
"""The highest number that a query may name."""


_NUMBER = r"[0-9]{1,9}"
_LAST_OF_A_PART = rf"({_NUMBER}(\.{_NUMBER})?:)?{_NUMBER}"
MARK = rf"{_LAST_OF_A_PART}(,{_LAST_OF_A_PART})*"
"""The last number of each part of a log; a number alone is one of its first part."""


def after(req: func.HttpRequest) -> str:
    """The mark after which the caller wants to see more events (?after=). Raises Refused for what
    is none.
    """
    text = req.params.get("after", "0")
    if re.fullmatch(MARK, text):
        return text
    message = "must be how far you have read: lastEvent of the view, such as 0:17,1:4, or 0"
    raise invalid([FieldError(path="after", message=message)])


class Query:
    """The filters of a list: ?phase=, ?top=. Raises Refused for invalid values."""

    def __init__(self, req: func.HttpRequest) -> None:
        self._errors: list[FieldError] = []
        self.phase = self._phase(req.params.get("phase"))
        self.top = self._top(req.params.get("top", "100"))
        if self._errors:
            raise invalid(self._errors)

    def takes(self, phase: Phase) -> bool:
        """Whether that phase passes the filter."""
        return self.phase in {None, phase}

    def _phase(self, text: str | None) -> Phase | None:
        by_name = {phase.casefold(): phase for phase in Phase}
        if text is None or text.casefold() in by_name:
            return by_name[text.casefold()] if text else None
        message = f"{text!r} is not a phase: use one of {', '.join(Phase)}"
        self._errors.append(FieldError(path="phase", message=message))
        return None

    def _top(self, text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and int(text) > 0:
            return int(text)
        self._errors.append(FieldError(path="top", message=f"must be a number from 1 to {MOST}"))
        return 0
