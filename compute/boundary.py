"""The last look at a request before it leaves for Azure: is it one that this app may send?"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from rollout.problem import ArmFailure
from rollout.scope import Scopes

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest

_READ_ANYWHERE = re.compile(
    r"/subscriptions/[^/]+(?:/resourceGroups/[^/]+)?/providers/Microsoft\.Compute"
    r"/(?:images|galleries|locations)/.+",
    re.IGNORECASE,
)
"""Images, and what a region says (platform images, long-running operations)."""


class Boundary(SansIOHTTPPolicy[Any, Any]):
    """Lets through what lies within the scopes, and reads of images. It looks at the request
    itself, so that no way leads around it, redirects and next links included.

    Images are only read, and they often live in a subscription of their own, which nobody may roll
    anything in. Raises ArmFailure (403, OutOfScope); then nothing was sent.
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
