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


KEPT_PREFIX = "follow-"
"""Of the ids of followed images, which share Durable's instance ids with rollouts."""


def rollout_id(text: str) -> str:
    """Ids are the same in any case of letters, and kept in lower case. Raises ValueError for one
    that may be a followed image's.
    """
    lower = text.lower()
    if lower.startswith(KEPT_PREFIX):
        raise ValueError(f"begins with {KEPT_PREFIX!r}, as the ids of followed images do")
    return lower


InstanceIds = Annotated[list[StrictStr], Field(min_length=1, max_length=1000)]
