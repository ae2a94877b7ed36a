"""Makes types.json anew: see README.md. Takes the folder `generated` of Azure/bicep-types-az."""

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INFRA = HERE.parents[2] / "infra"
SHOWN = 3  # of a property's flags: required (1) and read-only (2)

type Shape = dict[str, Any]


class TypesFile:
    """One types.json of Microsoft's; the shapes that are kept are added to `shapes`."""

    def __init__(self, file: Path, shapes: list[Shape]) -> None:
        self._source: list[Shape] = json.loads(file.read_text())
        self._shapes = shapes
        self._places: dict[int, int] = {}

    def resources(self, wanted: set[str]) -> dict[str, Shape]:
        """Those of the resources that are wanted, with all they need."""
        return {
            one["name"]: {"body": self._keep(one["body"]), "scopes": one["writableScopes"]}
            for one in self._source
            if one["$type"] == "ResourceType" and one["name"] in wanted
        }

    def _keep(self, reference: Shape) -> int:
        at = int(reference["$ref"].rsplit("/", maxsplit=1)[-1])
        if at not in self._places:
            self._places[at] = len(self._shapes)
            self._shapes.append({})  # its place, before those of what it refers to
            full = self._source[at]
            kind = full["$type"].removesuffix("Type")
            self._shapes[self._places[at]].update(kind=kind, **self._rest(kind, full))
        return self._places[at]

    def _rest(self, kind: str, full: Shape) -> Shape:
        match kind:
            case "Object":
                more: Shape | None = full.get("additionalProperties")
                rest = {"additional": self._keep(more)} if more else {}
                return {"properties": self._properties(full["properties"]), **rest}
            case "DiscriminatedObject":
                return {
                    "properties": self._properties(full["baseProperties"]),
                    "discriminator": full["discriminator"],
                    "elements": {name: self._keep(one) for name, one in full["elements"].items()},
                }
            case "Union":
                return {"elements": [self._keep(one) for one in full["elements"]]}
            case "Array":
                return {"items": self._keep(full["itemType"])}
            case "StringLiteral":
                return {"value": full["value"]}
            case _:
                return {}

    def _properties(self, full: Shape) -> Shape:
        return {
            name: {"type": self._keep(one["type"]), "flags": one["flags"] & SHOWN}
            for name, one in full.items()
        }


def main(generated: Path) -> None:
    """Write types.json. Raises SystemExit when a type that infra uses is not there."""
    sources = "".join(file.read_text() for file in sorted(INFRA.rglob("*.bicep")))
    wanted = set(re.findall(r"'(Microsoft\.[\w/]+@[\d-]+(?:-preview)?)'", sources))
    places = {tuple(one.lower().partition("/")[::2]) for one in wanted}
    found, shapes = dict[str, Shape](), list[Shape]()
    for provider, rest in sorted(places):
        for file in sorted(generated.glob(f"*/{provider}/{rest.partition('@')[2]}/types.json")):
            found |= TypesFile(file, shapes).resources(wanted - set(found))
    if missing := wanted - set(found):
        raise SystemExit(f"not found below {generated}: {', '.join(sorted(missing))}")
    lines = [json.dumps(one, separators=(",", ":")) for one in shapes]
    resources = json.dumps(found, indent=1, sort_keys=True)
    listed = ",\n".join(lines)
    (HERE / "types.json").write_text(f'{{"resources": {resources},\n"types": [\n{listed}\n]}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]))
