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
        write(session, output, value)


def write(session: Session, output: Format, value: Any) -> None:
    """Write the value in a format for programs; a list as jsonl is a document per line. What has
    no letters for all of it gets escapes.
    """
    narrow = not session.out.encoding.startswith("utf")
    if output is Format.YAML:
        import yaml

        text = yaml.safe_dump(value, sort_keys=False, allow_unicode=not narrow).rstrip("\n")
    elif output is Format.JSONL:
        lines = (json.dumps(part, ensure_ascii=narrow) for part in _documents(value))
        text = "\n".join(lines)
    else:
        text = json.dumps(value, indent=2, ensure_ascii=narrow)
    session.raw(text)


def _documents(value: Any) -> list[Any]:
    return items(cast("object", value)) if isinstance(value, list) else [value]
