"""Keeps the token at home: it is sent to Azure Resource Manager and to nobody else."""

from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from rollout.base import ArmError, ArmErrorKind, ArmFailure

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest

_PORTS = {"https": 443, "http": 80}


class HostPolicy(SansIOHTTPPolicy[Any, Any]):
    """Allows requests to the endpoint's own host, scheme and port. The URLs of next pages and of
    operations come in Azure's responses, and are used as they are: whoever could change one would
    get our token. (All that were recorded lead to the host that was asked.) Raises ArmFailure
    (ForeignHost); then nothing was sent.
    """

    def __init__(self, endpoint: str) -> None:
        self._home = urlsplit(endpoint)

    def on_request(self, request: "PipelineRequest[Any]") -> None:
        url = str(request.http_request.url)
        try:
            home = self._is_home(urlsplit(url))
        except ValueError:  # it is no URL
            home = False
        if not home:
            raise ArmFailure(self._error(url))

    def _is_home(self, url: SplitResult) -> bool:
        return _origin(url) == _origin(self._home)

    def _error(self, url: str) -> ArmError:
        return ArmError(
            kind=ArmErrorKind.REFUSED,
            action="read",
            resource=url.partition("?")[0],
            status=0,
            code="ForeignHost",
            message=f"the link leads away from {self._home.hostname}, and the app's token is for "
            "that host alone. Nothing was sent there",
        )


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)
