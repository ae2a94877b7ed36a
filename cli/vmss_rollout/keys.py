"""Function keys: from the environment or the system's keyring, and never shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from vmss_rollout.app_context import APP, AppContext
from vmss_rollout.command_error import CommandError

KEY = "VMSS_ROLLOUT_KEY"
_SERVICE = "vmss-rollout"


class Secrets(Protocol):
    """Where keys are kept, by the address of their app."""

    def get(self, url: str) -> str: ...
    def put(self, url: str, key: str) -> None: ...


@dataclass(frozen=True)
class Key:
    """A key, and where it was found ("" if there is none)."""

    value: str
    origin: str

    def __repr__(self) -> str:
        return f"Key(origin={self.origin!r})"


class Keyring:
    """The system's own keyring."""

    def get(self, url: str) -> str:
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(_SERVICE, url) or ""
        except KeyringError:
            return ""

    def put(self, url: str, key: str) -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, url, key)
        except KeyringError as error:
            raise CommandError(
                "This system has no keyring that can keep the key.",
                f"Give it in {KEY} instead.",
            ) from error


def found(app: AppContext, option: str, environ: Mapping[str, str], secrets: Secrets) -> Key:
    """The key for the app. The one of the environment belongs to the app of the environment: it
    is not sent to another one that --app names.
    """
    elsewhere = bool(option and environ.get(APP) and option != environ[APP])
    if environ.get(KEY) and not elsewhere:
        return Key(environ[KEY], KEY)
    kept = "" if app.is_local else secrets.get(app.url)
    return Key(kept, "the keyring" if kept else "")
