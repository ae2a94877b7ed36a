"""What may have been meant by a name that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, known: Iterable[str]) -> str:
    """Whether something else may be meant; "" if nothing comes near."""
    spelled = {word.casefold(): word for word in known if word}
    found = get_close_matches(name.casefold(), spelled, n=3, cutoff=0.6)
    if not found:
        return ""
    return f"Did you mean {' or '.join(spelled[word] for word in found)}?"
