"""Cuts what looks like a credential out of a text, as the Functions host does with exceptions.

Source: the Functions host's and the WebJobs SDK's sanitizer. It knows nothing of JSON, so a state
that travels in an exception may not be JSON any more.
"""

import re

HIDDEN = "[Hidden Credential]"
_TOKENS = (
    "Token=", "DefaultEndpointsProtocol=http", "AccountKey=", "Data Source=", "Server=",
    "Password=", "pwd=", "&amp;sig=", "&sig=", "?sig=", "SharedAccessKey=", "&amp;code=", "&code=",
    "?code=", "/code=", "key=",
)  # fmt: skip
_CREDENTIAL = re.compile(
    rf"(?<!PublicKey)(?:{'|'.join(map(re.escape, _TOKENS))})[^<\"']*", re.IGNORECASE
)


def sanitized(text: str) -> str:
    """The text, each credential cut up to the next quote or `<`, or up to the end."""
    return _CREDENTIAL.sub(HIDDEN, text)
