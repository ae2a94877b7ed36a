"""What the address in a question says: who waits for which answer, and until when. Signed, so that
only the app can have made it.
"""

import binascii
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

LONGEST_TOKEN = 400
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{24,{LONGEST_TOKEN}}}")
_MAC = 16
"""Bytes of the signature that are sent: RFC 2104 asks for half of it at least, and a part of a path
should be short.
"""
_PURPOSE = b"vmss-rollout callback 1\n"


@dataclass(frozen=True)
class Ticket:
    """`instance` is the orchestration that has asked, and `question` the id of what it has asked;
    nobody may answer after `expires`, in seconds since 1970.
    """

    instance: str
    question: str
    expires: int

    def late(self, now: datetime) -> bool:
        return now.timestamp() > self.expires


def token_of(ticket: Ticket, key: bytes) -> str:
    """A part of a path: letters, digits, "-" and "_"."""
    said = f"{ticket.expires}:{ticket.question}:{ticket.instance}".encode()
    return urlsafe_b64encode(_mac(said, key) + said).decode().rstrip("=")


def looks_like_token(token: str) -> bool:
    """Whether it has the shape of what `token_of` makes: that is known without a key."""
    return _TOKEN.fullmatch(token) is not None


def read_token(token: str, key: bytes) -> Ticket | None:
    """None for whatever was not made with that key."""
    if not looks_like_token(token):
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    mac, said = raw[:_MAC], raw[_MAC:]
    if not hmac.compare_digest(mac, _mac(said, key)):
        return None
    expires, question, instance = said.decode().split(":", 2)
    return Ticket(instance, question, int(expires))


def _mac(said: bytes, key: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + said, sha256).digest()[:_MAC]
