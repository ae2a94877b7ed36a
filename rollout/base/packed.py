"""A JSON value as a short text, for what travels from one history to the next."""

import json
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any
from zlib import compress, decompress

_SOME = 16
"""How many texts a process keeps as they were read: each turn of an orchestration reads its input
again.
"""


def packed(value: Any) -> str:
    """The same value always gives the same text."""
    return b64encode(compress(json.dumps(value, separators=(",", ":")).encode())).decode()


@lru_cache(_SOME)
def unpacked(text: str) -> Any:
    """Read the result of `packed`; not to be changed. Raises ValueError if it is something else."""
    return json.loads(decompress(b64decode(text)))
