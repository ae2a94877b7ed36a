"""Holds a resource in a Bicep file against what Azure takes (tests/infra/azure/README.md)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bicep import Declaration, items, literal, properties, text, unwrapped
from tree_sitter import Node

TYPES = Path(__file__).parents[1] / "infra" / "azure" / "types.json"
REQUIRED, READ_ONLY = 1, 2
SCOPES = {"managementGroup": 2, "subscription": 4, "resourceGroup": 8}
OF_BICEP = {"parent", "scope", "dependsOn"}
_KIND_OF = {"string": "String", "number": "Integer", "boolean": "Boolean"}

type Shape = dict[str, Any]


@dataclass(frozen=True)
class Types:
    """Azure's types: `resources` by type and version, `shapes` by their number."""

    resources: dict[str, Shape]
    shapes: list[Shape]

    def of(self, resource: Declaration) -> Shape:
        return self._at(self.resources[resource.of]["body"])

    def _at(self, number: int) -> Shape:
        return self.shapes[number]

    def may_be_at(self, resource: Declaration, scope: str) -> bool:
        return bool(self.resources[resource.of]["scopes"] & SCOPES[scope])

    def flaws(self, resource: Declaration) -> list[str]:
        """What Azure would not take of it, as far as it is written out; each with its path."""
        assert resource.value
        return [
            flaw
            for flaw in self._flaws(self.of(resource), resource.value, resource.name)
            if not flaw.endswith(tuple(f"{name}: unknown" for name in OF_BICEP))
        ]

    def knows(self, resource: Declaration, path: list[str]) -> bool:
        """Whether the resource has a property at that path, also one that is only read."""
        shape = self.of(resource)
        for name in path:
            shape, known = self._step(shape, name)
            if not known:
                return False
        return True

    def _step(self, shape: Shape, name: str) -> tuple[Shape, bool]:
        known: Shape = shape.get("properties") or {}
        if name in known:
            return self._at(known[name]["type"]), True
        return {"kind": "Any"}, shape["kind"] == "Any" or "additional" in shape

    def _flaws(self, shape: Shape, node: Node, path: str) -> Iterator[str]:
        match unwrapped(node).type, shape["kind"]:
            case "ternary_expression", _:
                for branch in node.named_children[1:]:
                    yield from self._flaws(shape, branch, path)
            case "object", "Object" | "DiscriminatedObject":
                yield from self._object(shape, node, path)
            case "array", "Array":
                for number, item in enumerate(items(node)):
                    yield from self._flaws(self._at(shape["items"]), item, f"{path}[{number}]")
            case "string" | "number" | "boolean" as kind, _:
                yield from self._plain(shape, node, kind, path)
            case "object" | "array" as kind, other if other != "Any":
                yield f"{path}: {kind} where Azure has {other}"
            case _:
                pass

    def _object(self, shape: Shape, node: Node, path: str) -> Iterator[str]:
        given = properties(node)
        known: Shape = dict(shape["properties"])
        if by := shape.get("discriminator"):
            chosen = shape["elements"].get(literal(given[by]) if by in given else None)
            if chosen is None:
                yield f"{path}.{by}: one of {', '.join(shape['elements'])}"
                return
            known |= self._at(chosen)["properties"]
        yield from self._missing(known, given, path)
        for name, value in given.items():
            below = f"{path}.{name}"
            if name in known and known[name]["flags"] & READ_ONLY:
                yield f"{below}: read-only"
            elif name in known:
                yield from self._flaws(self._at(known[name]["type"]), value, below)
            elif "additional" not in shape:
                yield f"{below}: unknown"

    def _missing(self, known: Shape, given: dict[str, Node], path: str) -> Iterator[str]:
        for name, one in known.items():
            if one["flags"] & REQUIRED and not one["flags"] & READ_ONLY and name not in given:
                yield f"{path}.{name}: missing"

    def _plain(self, shape: Shape, node: Node, kind: str, path: str) -> Iterator[str]:
        options = self._options(shape)
        kinds = {one["kind"] for one in options}
        values = {one["value"] for one in options if one["kind"] == "StringLiteral"}
        said = literal(node)
        if said is not None and values:
            if said not in values:
                yield f"{path}: {said} is none of {', '.join(sorted(values))}"
        elif "Any" not in kinds and not values and _KIND_OF[kind] not in kinds:
            yield f"{path}: {text(node)} where Azure has {', '.join(sorted(kinds))}"

    def _options(self, shape: Shape) -> list[Shape]:
        if shape["kind"] != "Union":
            return [shape]
        return [one for at in shape["elements"] for one in self._options(self._at(at))]


@cache
def types() -> Types:
    found = json.loads(TYPES.read_text())
    return Types(found["resources"], found["types"])
