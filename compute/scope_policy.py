"""The last check of a request before it leaves for Azure: may this app send it?"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from rollout.base import ArmFailure
from rollout.inventory import Scopes

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest

_READ_ANYWHERE = re.compile(
    r"/subscriptions/[^/]+(?:/resourceGroups/[^/]+)?/providers/Microsoft\.Compute"
    r"/(?:images|galleries|locations)/.+",
    re.IGNORECASE,
)
"""Images, and what belongs to a region (platform images, long-running operations)."""


class ScopePolicy(SansIOHTTPPolicy[Any, Any]):
    """Allows requests within the scopes, and reads of images. It checks the request itself, so that
    nothing bypasses it, redirects and next links included.

    Images are only read, and they often live in a subscription of their own, in which nothing may
    be rolled. Raises ArmFailure (403, OutOfScope); then nothing was sent.
    """

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def on_request(self, request: "PipelineRequest[Any]") -> None:
        method, url = request.http_request.method, str(request.http_request.url)
        path = unquote(urlsplit(url).path)
        reads = method == "GET"
        if not self._scopes.cover(path) and not (reads and _is_of_an_image(path)):
            raise ArmFailure(self._scopes.error("read" if reads else "change", path))


def _is_of_an_image(path: str) -> bool:
    climbs = not {".", ".."}.isdisjoint(path.split("/"))
    return _READ_ANYWHERE.fullmatch(path) is not None and not climbs
