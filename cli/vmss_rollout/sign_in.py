"""Tokens of Entra ID, for apps that ask for them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vmss_rollout import exits
from vmss_rollout.command_error import CommandError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


def token(scope: str) -> Callable[[], str]:
    """Gives a token for the scope, as whoever is signed in here (az login, a pipeline's or a
    machine's identity); azure-identity keeps it until it expires.
    """
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError as error:
        raise CommandError(
            "The app asks for Entra ID, and azure-identity is not installed.",
            "Install it: pipx inject vmss-rollout azure-identity",
            exits.USAGE,
        ) from error
    credential = DefaultAzureCredential()
    return lambda: _token(credential, scope)


def _token(credential: "TokenCredential", scope: str) -> str:
    from azure.core.exceptions import AzureError

    try:
        return credential.get_token(scope).token
    except AzureError as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CommandError(
            f"No token for {scope}: {first}", "Sign in: az login", exits.REFUSED
        ) from error
