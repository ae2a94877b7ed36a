"""Signs a webhook, so that the receiver knows who called, what was said, and that it is new.

As in Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks,
spec/standard-webhooks.md), so that its libraries can check it. Signed is `id.timestamp.body`: the
message's id, the time of this try in Unix seconds, and the body's bytes as they are sent. A
receiver refuses a time that is more than five minutes away, which makes a replay useless.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

_PREFIX = "whsec_"


def signed(news_id: str, body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
    """The headers. A secret that begins with whsec_ is the base64 of the key, as the standard has
    it; any other is the key itself. Raises ValueError if it is no base64.
    """
    time = str(int(now.timestamp()))
    content = b".".join([news_id.encode(), time.encode(), body])
    digest = hmac.new(_key(secret), content, sha256).digest()
    return {
        "webhook-id": news_id,
        "webhook-timestamp": time,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"after {_PREFIX} comes base64: {error}") from error
    if not key:
        raise ValueError(f"after {_PREFIX} comes base64: there is nothing")
    return key
