"""Text formatting: lists of ids, quoted text, length limits."""

import json
from collections.abc import Sequence

LONGEST_MESSAGE = 2000
"""In characters of JSON: a Durable custom status is limited to 16 KB."""
_LONGEST_TEXT = 500


def sentence(text: str) -> str:
    """External text, to be quoted in ours: on one line, length-limited, without a full stop."""
    return shortened(" ".join(text.split()), _LONGEST_TEXT).rstrip(".")


def shortened(text: str, room: int) -> str:
    """The text, cut so that its JSON has at most about `room` characters: Durable's JSON needs six
    for each non-ASCII character.
    """
    if len(json.dumps(text)) <= room:
        return text
    taken = 0
    for kept, letter in enumerate(text):
        taken += len(json.dumps(letter)) - 2
        if taken > room:
            return f"{text[:kept]} …"
    return text


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 error", "2 errors"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


NAMED_IDS = 20
"""How many instance ids a message or a small result lists before it only counts the rest."""


def named(instance_ids: Sequence[str | int]) -> str:
    """Ids in a message: "3, 7, 12", and a count of the rest if there are many."""
    shown = ", ".join(str(instance_id) for instance_id in instance_ids[:NAMED_IDS])
    rest = len(instance_ids) - NAMED_IDS
    return f"{shown} and {rest} more" if rest > 0 else shown
