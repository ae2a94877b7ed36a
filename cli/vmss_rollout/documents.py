"""Policies and fleet rollouts that people keep in files, as YAML or JSON (which is YAML, too)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vmss_rollout.command_error import UsageError
from vmss_rollout.values import Json, fields


def document(file: Path) -> Json:
    """The object that the file has in it."""
    import yaml

    try:
        body: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.", "Is that its path?"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no YAML: {flaw(error)}.", "Mend it there.") from error
    found = fields(body)
    if not found:
        raise UsageError(
            f"{file} has no fields in it.", "It takes those of the request: docs/api.md has them."
        )
    return found


def flaw(error: Exception) -> str:
    """What is wrong with a file that is no YAML, in a few words: which, and in which line."""
    mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return " ".join(f"{what or error}{where}".split())


def with_settings(body: Json, settings: Iterable[str]) -> Json:
    """The body with single fields: "canary.bake=PT10M"; what is behind the = is YAML."""
    import yaml

    for setting in settings:
        path, equals, typed = setting.partition("=")
        if not (path and equals):
            raise UsageError(f"'{setting}' is no field and value.", "Such as: approval=start")
        try:
            value: Any = yaml.safe_load(typed)
        except yaml.YAMLError as error:
            raise UsageError(f"'{typed}' is no value.", "Put it in quotes.") from error
        body = _with(body, path.split("."), value)
    return body


def _with(body: Json, path: list[str], value: Any) -> Json:
    name, *inner = path
    return body | {name: _with(fields(body.get(name)), inner, value) if inner else value}
