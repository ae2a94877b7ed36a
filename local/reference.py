"""docs/api.md, made from the OpenAPI document: `make docs` writes it, and a test holds it."""

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from triggers.openapi import openapi

PAGE = Path(__file__).parents[1] / "docs/api.md"

type Json = dict[str, Any]

_WIDTH = 126

_HEAD = """# API reference

Made from the OpenAPI document by `make docs`; do not edit it by hand. The app serves the same
document at `GET /api/openapi.json`.

Bodies are JSON, names in camelCase; durations are ISO 8601 (`PT15M`), times RFC 3339 in UTC. In
Azure every call needs a function key, in the header `x-functions-key`. An answer of 4xx or 5xx is a
[Problem](#problem) (`application/problem+json`); what it means and what to do is in the
[runbook](runbook.md). Every answer to a GET has an `ETag`: who looks again and again sends it as
`If-None-Match`, and gets 304 without a body while nothing has changed. A name that ends in `Shown`
is what is answered of a value that can be sent, too.
"""


def reference(document: Json) -> str:
    """The page, in Markdown."""
    calls = [
        (f"{method.upper()} {document['servers'][0]['url']}{path}", call)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    schemas = sorted(document["components"]["schemas"].items())
    parts = [
        _HEAD,
        _paragraph(document["info"]["description"]),
        "## Calls\n",
        _table(
            ("call", "what it does"), ([_link(title), call["summary"]] for title, call in calls)
        ),
        *(_call(title, call) for title, call in calls),
        "## Values\n",
        *(_value(name, schema) for name, schema in schemas),
    ]
    return "\n".join(parts)


def anchor(title: str) -> str:
    """Where a heading's link leads: what GitHub makes of its text."""
    kept = (letter for letter in title.casefold() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _link(title: str) -> str:
    return f"[`{title}`](#{anchor(title)})"


def _call(title: str, call: Json) -> str:
    parts = [f"### `{title}`\n", _paragraph(call["description"])]
    if body := call.get("requestBody"):
        optional = "" if body["required"] else ", which may be left out"
        schema = body["content"]["application/json"]["schema"]
        parts.append(f"Takes a {_type(schema)}{optional}.\n")
    if call["parameters"]:
        rows = (
            [f"`{parameter['name']}`", parameter["in"], *_parameter(parameter)]
            for parameter in call["parameters"]
        )
        parts.append(_table(("parameter", "in", "type", "what it says"), rows))
    rows = (
        [status, _answer(answer)]
        for status, answer in sorted(call["responses"].items())
        if "content" in answer
    )
    parts.append(_table(("status", "answer"), rows))
    return "\n".join(parts)


def _parameter(parameter: Json) -> list[str]:
    return [_type(parameter["schema"]), parameter["description"]]


def _answer(answer: Json) -> str:
    kinds = [
        _type(content["schema"])
        if kind.endswith("json") and "x-" not in kind
        else f"lines (`{kind}`)"
        for kind, content in answer["content"].items()
    ]
    return ", or ".join(kinds)


def _value(name: str, schema: Json) -> str:
    parts = [f"### {name}\n"]
    if "description" in schema:
        parts.append(_paragraph(schema["description"]))
    if "enum" in schema:
        parts.append(f"One of {_type(schema)}.\n")
    if fields := schema.get("properties"):
        required = schema.get("required", [])
        rows = (_field(key, field, required=key in required) for key, field in fields.items())
        parts.append(_table(("field", "type", "default", "what it says"), rows))
    return "\n".join(parts)


def _field(name: str, field: Json, *, required: bool) -> list[str]:
    examples = ", ".join(f"`{example}`" for example in field.get("examples", []))
    such = f"Such as {examples}." if examples else ""
    said = " ".join(part for part in (field.get("description", ""), such) if part)
    default = "required" if required else _default(field.get("x-default"))
    return [f"`{name}`", _type(field), default, _line(said)]


def _default(value: object) -> str:
    """Nothing is no default worth a cell; an object's own defaults stand with its fields."""
    if value in (None, [], {}):
        return ""
    return "its defaults" if isinstance(value, dict) else f"`{json.dumps(value)}`"


def _type(schema: Json) -> str:
    """How people call the type of a value."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    if choices := schema.get("enum"):
        return ", ".join(f"`{choice}`" for choice in choices)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(_type(option) for option in options if option.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kinds: str | list[str] = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _paragraph(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _table(head: tuple[str, ...], rows: Iterator[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


def main() -> None:
    PAGE.write_text(reference(openapi()), encoding="utf-8")


if __name__ == "__main__":
    main()
