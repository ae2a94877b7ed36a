"""HTTP routes as the Functions host reads them.

Source: Functions host and ASP.NET Core routing: `/{prefix}/{route or function name}`, templates
with constraints, case-insensitive; a wrong method or an unknown route is 404; routes that start
with admin or runtime are refused, and so are two functions with the same route and method. Routes
are asked in the order of their functions' names, and the first that matches is taken, however
precise another one is (public: azure-functions-route-priority, which exists to change that).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.host.app import Function

METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
RESERVED = ("admin", "runtime")

PARAMETER = re.compile(r"\{(\*{0,2})(\w+)((?::[^{}]+(?:\{[^{}]*\}[^{}]*)*)?)(\?)?(?:=([^{}]*))?\}")
CONSTRAINT = re.compile(r":(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?")

type Check = Callable[[str, str], bool]  # (value, the constraint's argument) -> fits


class RouteError(Exception):
    """A function's route is not one the Functions host accepts."""


def _is_int(value: str, _: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", value) is not None


def _is_number(value: str, _: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value) is not None


def _length(value: str, argument: str) -> bool:
    low, _, high = argument.partition(",")
    return int(low) <= len(value) <= int(high or low)


def _range(value: str, argument: str) -> bool:
    low, _, high = argument.partition(",")
    return _is_int(value, "") and int(low) <= int(value) <= int(high)


def _is_guid(value: str, _: str) -> bool:
    return (
        re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", value, re.IGNORECASE)
        is not None
    )


CONSTRAINTS: Mapping[str, Check] = {
    "int": _is_int,
    "long": _is_int,
    "decimal": _is_number,
    "double": _is_number,
    "float": _is_number,
    "bool": lambda value, _: value.lower() in {"true", "false"},
    "guid": _is_guid,
    "alpha": lambda value, _: re.fullmatch(r"[a-z]*", value, re.IGNORECASE) is not None,
    "length": _length,
    "minlength": lambda value, argument: len(value) >= int(argument),
    "maxlength": lambda value, argument: len(value) <= int(argument),
    "min": lambda value, argument: _is_int(value, "") and int(value) >= int(argument),
    "max": lambda value, argument: _is_int(value, "") and int(value) <= int(argument),
    "range": _range,
    "regex": lambda value, argument: re.search(argument, value, re.IGNORECASE) is not None,
    "required": lambda value, _: value != "",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One segment: a text, or a parameter with its checks. `rest` takes everything that follows."""

    text: str
    parameter: bool = False
    checks: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    default: str | None = None
    rest: bool = False

    @property
    def rank(self) -> int:
        """Literals come first, then constrained parameters, then free ones, then a catch-all."""
        if not self.parameter:
            return 0
        return 3 if self.rest else 1 if self.checks else 2

    def fits(self, value: str) -> bool:
        if not self.parameter:
            return value.lower() == self.text.lower()
        return all(CONSTRAINTS[name](value, argument) for name, argument in self.checks)


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP function's route."""

    function: Function
    parts: tuple[Part, ...]
    methods: frozenset[str]

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The route parameters when the path fits, else None."""
        found: dict[str, str] = {}
        for place, part in enumerate(self.parts):
            value = "/".join(segments[place:]) if part.rest else _at(segments, place)
            if value is None or (part.rest and not value):
                if not (part.optional or part.rest or part.default is not None):
                    return None
                found |= {part.text: part.default} if part.default is not None else {}
            elif not value or not part.fits(value):
                return None
            elif part.parameter:
                found[part.text] = value
        whole = bool(self.parts) and self.parts[-1].rest
        return found if whole or len(segments) <= len(self.parts) else None


class Routes:
    """All HTTP routes of an app. Raises RouteError when the Functions host would refuse one."""

    def __init__(self, functions: list[Function], prefix: str) -> None:
        routes = [_route(function, prefix) for function in functions]
        _refuse_overlaps(routes)
        self._routes = sorted(routes, key=lambda route: route.function.name.lower())

    def find(self, method: str, path: str) -> tuple[Function, dict[str, str]] | None:
        """The function to call and its route parameters (path: decoded, without a query).

        One slash at the end says nothing; two slashes hold a segment of no letters between them,
        which is no route's.
        """
        inner = path.removeprefix("/").removesuffix("/")
        segments = inner.split("/") if inner else []
        for route in self._routes:
            found = route.match(segments) if method in route.methods else None
            if found is not None:
                return route.function, found
        return None


def _route(function: Function, prefix: str) -> Route:
    template = str(function.binding.get("route") or function.name).strip("/")
    if template.lower().startswith(RESERVED):
        raise RouteError(
            f"function {function.name!r}: the route {template!r} conflicts with the Functions "
            "host's own routes: choose one that does not start with admin or runtime"
        )
    whole = f"{prefix.strip('/')}/{template}".strip("/")
    parts = tuple(_part(each, function.name) for each in _split(whole, function.name))
    methods = frozenset(str(each).upper() for each in function.binding.get("methods") or METHODS)
    return Route(function, parts, methods)


def _split(template: str, function: str) -> list[str]:
    """At slashes that are not inside braces (a regular expression may hold some)."""
    texts = re.findall(r"(?:[^/{}]|\{(?:[^{}]|\{[^{}]*\})*\})+", template)
    if "/".join(texts) != template:
        raise RouteError(f"function {function!r}: the braces in {template!r} do not match")
    return texts


def _part(text: str, function: str) -> Part:
    found = PARAMETER.fullmatch(text)
    if found is None:
        if "{" in text:
            raise RouteError(f"function {function!r}: the local host cannot read {text!r}")
        return Part(text)
    stars, name, constraints, optional, default = found.groups()
    checks = tuple((check, argument) for check, argument in CONSTRAINT.findall(constraints or ""))
    unknown = [check for check, _ in checks if check not in CONSTRAINTS]
    if unknown:
        raise RouteError(
            f"function {function!r}: unknown route constraint {unknown[0]!r}; known are "
            f"{', '.join(CONSTRAINTS)}"
        )
    return Part(name, True, checks, optional == "?", default, bool(stars))  # noqa: FBT003


def _refuse_overlaps(routes: list[Route]) -> None:
    taken: dict[tuple[str, ...], Function] = {}
    for route in routes:
        shape = tuple(
            f"{{{part.rank}{part.checks}}}" if part.parameter else part.text.lower()
            for part in route.parts
        )
        for method in route.methods:
            other = taken.setdefault((method, *shape), route.function)
            if other is not route.function:
                raise RouteError(
                    f"functions {other.name!r} and {route.function.name!r} have the same route "
                    f"and method {method}: change one of them"
                )


def _at(segments: list[str], place: int) -> str | None:
    return segments[place] if place < len(segments) else None
