"""The headers that every answer has, whatever it is."""

from collections.abc import Mapping

import azure.functions as func

SECURITY: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""JSON is not for a browser to run, show in a frame, keep or guess at; and an address that holds a
`code` goes to nobody else. A page says for itself what it loads.
"""


def secured(response: func.HttpResponse) -> func.HttpResponse:
    """The answer with these headers; those that it has already are left as they are."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
