"""A short text that is the same for equal JSON values."""

import hashlib
import json


def fingerprint_of(value: object) -> str:
    """Sixteen hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
