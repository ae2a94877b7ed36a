"""Answers as people read them, or as other programs do."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, cast

import typer
from rich.console import RenderableType

from vmss_rollout.session import Session
from vmss_rollout.values import items


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    YAML = "yaml"


Output = Annotated[Format, typer.Option("--output", "-o", help="How the answer is written.")]


def put(session: Session, output: Format, value: Any, render: Callable[[], RenderableType]) -> None:
    """Write an answer: for people as `render` makes it, else the app's JSON as it is."""
    if output is Format.TABLE:
        # What is longer than a line is there to be copied: it is not cut off.
        session.out.print(render(), crop=False)
    else:
        session.raw(written(value, output))


def written(value: Any, output: Format) -> str:
    """The value in a format for programs; a list as jsonl is a document per line."""
    if output is Format.YAML:
        import yaml

        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).rstrip("\n")
    if output is Format.JSONL:
        return "\n".join(json.dumps(part, ensure_ascii=False) for part in _documents(value))
    return json.dumps(value, indent=2, ensure_ascii=False)


def _documents(value: Any) -> list[Any]:
    return items(cast("object", value)) if isinstance(value, list) else [value]
