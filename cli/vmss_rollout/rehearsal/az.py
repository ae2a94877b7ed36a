"""Reads what Azure's command line prints. It prints the fields of `properties` beside the others,
and spells some names another way than Azure itself; both spellings and both places are read.
"""

import json
from pathlib import Path
from typing import Any

from vmss_rollout.command_error import UsageError
from vmss_rollout.values import Json, fields, items


def read(file: Path, command: str) -> Any:
    """The JSON of a file that this command of az has written; a shell may have made it UTF-16."""
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.", _again(command, file)
        ) from error
    except ValueError as error:
        raise wrong(file, command, "it is no JSON") from error


def wrong(file: Path, command: str, why: str) -> UsageError:
    """A file that something else has written."""
    return UsageError(f"{file} is not what az {command} writes: {why}.", _again(command, file))


def dig(body: object, *names: str) -> Any:
    """The value at that path; None where there is none."""
    for name in names:
        body = _field(fields(body), name.casefold())
    return body


def listed(body: object, *names: str) -> list[Json]:
    """The objects of the list at that path."""
    return [fields(each) for each in items(dig(body, *names))]


def texts(body: object, *names: str) -> list[str]:
    """The texts of the list at that path."""
    return [str(each) for each in items(dig(body, *names)) if each]


def word(body: object, *names: str) -> str:
    """The text at that path; "" where there is none."""
    found = dig(body, *names)
    return "" if found is None else str(found)


def _field(body: Json, name: str) -> Any:
    for key, value in body.items():
        if key.casefold() == name:
            return value
    inner = fields(body.get("properties"))
    return _field(inner, name) if inner else None


def _again(command: str, file: Path) -> str:
    return f"Write it: az {command} -g GROUP -n NAME -o json > {file.name}"
