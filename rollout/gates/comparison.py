"""Comparisons of a number that was measured: "< 80", "<= 110 %", "<= +5"."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_DIGITS = 9
_PATTERN = re.compile(
    r"\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<sign>[+-])?\s*(?P<number>\d{1,15}(\.\d{1,9})?)"
    r"\s*(?P<percent>%)?\s*"
)


@dataclass(frozen=True)
class Comparison:
    """An operator and a number; `percent` or `signed` as it was written."""

    sign: str
    number: float
    percent: bool
    signed: bool

    @classmethod
    def parse(cls, text: str) -> "Comparison":
        """Raises ValueError that says how to write it."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(
                "must be a comparison with a number, such as < 80 or >= 0.5 (<, <=, >, >=, ==, !=)"
            )
        number = float(match["number"]) * (-1 if match["sign"] == "-" else 1)
        return cls(match["operator"], number, bool(match["percent"]), bool(match["sign"]))

    def holds(self, value: float) -> bool:
        """Rounded, or 11 would be more than 110 % of 10."""
        return _OPERATORS[self.sign](round(value, _DIGITS), self.number)


def _plain(text: str) -> str:
    if Comparison.parse(text).percent:
        raise ValueError("must be in the unit of what is measured: leave out %")
    return text


def _readable(text: str) -> str:
    Comparison.parse(text)
    return text


_Text = Annotated[str, StringConstraints(strict=True, max_length=40)]
AnyComparison = Annotated[_Text, AfterValidator(_readable)]
PlainComparison = Annotated[_Text, AfterValidator(_plain)]


def shown(value: float) -> str:
    """A number as people read it: at most four digits that say something."""
    return f"{value:.4g}" if abs(value) < _LARGE or not isfinite(value) else f"{value:.0f}"


_LARGE = 10_000
