"""Field types that several requests share."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    StrictStr,
    StringConstraints,
)

from rollout.base.wording import without_secrets

Text = Annotated[
    str, StringConstraints(strict=True, max_length=256), AfterValidator(without_secrets)
]


def not_dots(text: str) -> str:
    """A name that becomes a part of a path. Raises ValueError for those that lead to another."""
    if text in {".", ".."}:
        raise ValueError('must be a name: "." and ".." are none')
    return text


MADE = "~"
"""Every id that the app makes has it, and none that a caller chooses may have it: they share
Durable's instance ids, and cannot meet. In a URL it needs no escaping.
"""
KNOWN_ID = rf"[a-z0-9][a-z0-9._{MADE}\-]{{0,99}}"
"""What the id of a rollout or of a fleet rollout looks like, whoever chose it."""


def rollout_id(text: str) -> str:
    """Ids are the same in any case of letters, and kept in lower case."""
    return text.lower()


def our_id(*parts: str) -> str:
    """An id that no caller can choose."""
    return MADE.join(parts)


InstanceIds = Annotated[list[StrictStr], Field(min_length=1, max_length=1000)]
