"""Text formatting: lists of ids, quoted text, length limits."""

import json
import re
import string
from collections.abc import Sequence

LONGEST_MESSAGE = 2000
"""In characters of JSON: a Durable custom status is limited to 16 KB."""
_LONGEST_TEXT = 500
_SECRET = re.compile(
    r"(?i)(password|pwd|sig|key|token|[?&/]code)=[\"']?[^\s&\"',;]*|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"
)
"""What the Functions host would cut out of a failed orchestrator's state, which then is no JSON any
more (its Sanitizer); and nothing that should be kept anywhere.
"""


def sentence(text: str, room: int = _LONGEST_TEXT) -> str:
    """External text, to be quoted in ours: on one line, without a full stop, and cut after about
    `room` characters of JSON.
    """
    return shortened(" ".join(text.split()), room).rstrip(".")


def first_line(text: str) -> str:
    """What people need of a failure: Durable's have a stack of some kilobytes after it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return sentence(without_secrets(lines[0] if lines else "no reason was given"))


def without_secrets(text: str) -> str:
    """With what looks like a secret hidden."""
    return _SECRET.sub(lambda found: f"{found[1] or ''} (hidden)".lstrip(), text)


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


_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(name: str) -> str:
    """A name as Azure compares it: A to Z without case, all else as it is. Python's casefold would
    merge two groups into one ("ß" is not "ss" to Azure).
    """
    return name.translate(_LOWER)


def capitalized(text: str) -> str:
    """The text as a sentence begins; the rest of it stays as it is."""
    return f"{text[:1].upper()}{text[1:]}"


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
