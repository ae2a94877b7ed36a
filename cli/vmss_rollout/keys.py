"""Function keys: from the environment or the system's keyring, and never shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from vmss_rollout.app_context import APP, KEY, AppContext
from vmss_rollout.command_error import CommandError

_SERVICE = "vmss-rollout"


class Secrets(Protocol):
    """Where keys are kept, by the address of their app. `get` raises LockedError."""

    def get(self, url: str) -> str: ...
    def put(self, url: str, key: str) -> None: ...


class LockedError(Exception):
    """What keeps keys cannot be read: it is locked, or broken."""


@dataclass(frozen=True)
class Key:
    """A key, and where it was found ("" if there is none); `trouble` is why nobody could look."""

    value: str = field(repr=False)
    origin: str
    trouble: str = ""


class Keyring:
    """The system's own keyring."""

    def get(self, url: str) -> str:
        try:
            import keyring
            from keyring.errors import NoKeyringError
        except Exception as error:
            raise LockedError(_first_line(error)) from error
        try:
            return keyring.get_password(_SERVICE, url) or ""
        except NoKeyringError:
            return ""
        except Exception as error:  # its backends raise what the system's libraries do
            raise LockedError(_first_line(error)) from error

    def put(self, url: str, key: str) -> None:
        try:
            import keyring

            keyring.set_password(_SERVICE, url, key)
        except Exception as error:
            raise CommandError(
                f"This system has no keyring that can keep the key: {_first_line(error)}",
                f"Unlock it, or give the key in {KEY} instead.",
            ) from error


def found(app: AppContext, option: str, environ: Mapping[str, str], secrets: Secrets) -> Key:
    """The key for the app. The one of the environment belongs to the app of the environment: it
    is not sent to another one that --app names.
    """
    elsewhere = bool(option and environ.get(APP) and option != environ[APP])
    if environ.get(KEY) and not elsewhere:
        return Key(environ[KEY], KEY)
    if app.is_local:
        return Key("", "")
    try:
        kept = secrets.get(app.url)
    except LockedError as locked:
        return Key("", "", f"The system's keyring cannot be read: {locked}")
    return Key(kept, "the keyring" if kept else "")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
