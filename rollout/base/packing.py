"""Large states, small enough to be written again and again, and to be handed from one history to
the next: as text that has been compressed.
"""

import json
import lzma
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any

_PACKED = "packed"
_QUICK = 0
"""As quick as zlib, and sees what repeats within 256 KB instead of 32: the names of 1,000 instances
are in a record twice.
"""
_SOME = 16
"""How many texts a process keeps: each turn of an orchestration reads its input again."""
SMALL = 2048
"""Up to this many characters a state is left as it is, so that anybody can read it."""


def packed(state: dict[str, Any]) -> dict[str, Any]:
    """The state, compressed if it is large."""
    text = json.dumps(state, separators=(",", ":"))
    if len(text) <= SMALL:
        return state
    return {_PACKED: b64encode(lzma.compress(text.encode(), preset=_QUICK)).decode()}


def unpacked(state: Any) -> Any:
    """The state that `packed` was given; what was not packed is left as it is."""
    if not isinstance(state, dict) or _PACKED not in state:
        return state  # pyright: ignore[reportUnknownVariableType]
    return json.loads(_text_of(state[_PACKED]))  # pyright: ignore[reportUnknownArgumentType]


@lru_cache(_SOME)
def _text_of(packed_text: str) -> bytes:
    return lzma.decompress(b64decode(packed_text))
