"""JMESPath conditions: what a JSON answer must say."""

from collections.abc import Mapping
from functools import cache
from math import prod
from typing import Annotated, Any, cast

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import AfterValidator, StringConstraints

from rollout.base import nothing_secret, sentence

_FUNCTIONS = frozenset(Functions.FUNCTION_TABLE)
_MOST_GROWTH = 200


@cache
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _unknown_function(node: Mapping[str, Any]) -> str | None:
    """A function that JMESPath does not have: its own parser does not look."""
    if node["type"] == "function_expression" and node["value"] not in _FUNCTIONS:
        return str(node["value"])
    children = cast(
        "list[Mapping[str, Any]]", [each for each in node["children"] if isinstance(each, dict)]
    )
    return next(filter(None, map(_unknown_function, children)), None)


def _growth(node: Mapping[str, Any]) -> int:
    """How many times over, at least, its answer may hold what it was given: lists within lists of
    it grow without limit, and nothing ends a search.
    """
    children = cast(
        "list[Mapping[str, Any]]", [each for each in node["children"] if isinstance(each, dict)]
    )
    grows = node["type"].startswith("multi_select") or node.get("value") == "to_array"
    return (len(children) + 1 if grows else 1) * prod(map(_growth, children))


def _compiles(expression: str) -> str:
    if not expression.strip():
        raise ValueError("is empty: leave it out, or write a condition such as status == 'ok'")
    try:
        parsed = _compiled(expression).parsed
        unknown, growth = _unknown_function(parsed), _growth(parsed)
    except (JMESPathError, RecursionError) as error:
        raise ValueError(f"does not compile as JMESPath: {sentence(str(error), 200)}") from error
    if unknown:
        raise ValueError(f"does not compile as JMESPath: there is no function {unknown}()")
    if growth > _MOST_GROWTH:
        raise ValueError("does not compile as JMESPath: it has too many lists within lists")
    return expression


Condition = Annotated[
    str,
    StringConstraints(strict=True, max_length=1000),
    AfterValidator(nothing_secret),
    AfterValidator(_compiles),
]


class NoVerdict(Exception):  # noqa: N818
    """What was answered is neither true nor false."""


def holds(condition: str, document: Any) -> bool:
    """Whether the document fulfils it. Raises NoVerdict if that cannot be told: a field is missing,
    or of another type than the condition expects.
    """
    try:
        result = _compiled(condition).search(document)
    except Exception as error:  # the library raises what Python does, too: a TypeError of 1 < "a"
        raise NoVerdict(f"{condition} cannot be answered: {sentence(str(error), 200)}") from error
    if isinstance(result, bool):
        return result
    shown = "null (a field is missing?)" if result is None else sentence(repr(result), 100)
    raise NoVerdict(f"{condition} is {shown}, neither true nor false")
