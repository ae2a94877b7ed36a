"""Where to look how something goes on: for `Location`."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode, urlsplit

import azure.functions as func

_OF_THE_CALLER = ("code", "clientId")


def status_location(req: func.HttpRequest, path: str) -> str:
    """The whole URL of that path below /api, which clients of the asynchronous pattern ask again
    and again: with the key that the caller has put into its own URL, and no other. One that came as
    a header is sent as a header again.
    """
    url, params = urlsplit(req.url), cast("Mapping[str, str]", req.params)
    own = {name: params[name] for name in _OF_THE_CALLER if name in params}
    return f"{url.scheme}://{url.netloc}/api/{path}{'?' if own else ''}{urlencode(own)}"
