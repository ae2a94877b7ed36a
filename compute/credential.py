"""Where tokens come from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
    from azure.identity import DefaultAzureCredential


class RenewableCredential:
    """A credential of azure-identity that can be made to forget its tokens: it keeps each one until
    it expires, also one that Azure no longer accepts.
    """

    def __init__(self, make: "Callable[[], DefaultAzureCredential]") -> None:
        self._make = make
        self.current = make()

    def renew(self) -> None:
        """The next token is a new one."""
        self.current = self._make()

    def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        return self.current.get_token(*scopes, **options)

    def get_token_info(
        self, *scopes: str, options: "TokenRequestOptions | None" = None
    ) -> "AccessTokenInfo":
        return self.current.get_token_info(*scopes, options=options)
