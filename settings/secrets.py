"""Secrets that requests and settings name, and never write."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from rollout.base import FieldError, Secret, SettingError

BOUND_SETTING = "ROLLOUT_BOUND_SECRETS"
_PREFIX = "ROLLOUT_SECRET_"
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_HOST = re.compile(r"(\*\.)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", re.IGNORECASE)


@dataclass(frozen=True)
class BoundSecret:
    """A secret that goes to these hosts only, and to no other; `*.contoso.com` is any below that
    one.
    """

    name: str
    hosts: tuple[str, ...]
    value: str = field(repr=False)

    def refused_at(self, host: str, texts: Iterable[str]) -> str | None:
        """Why a call of that host must not be made, if any of these parts of it holds the secret;
        None if it may be.
        """
        if self._takes(host.casefold()) or not any(self.value in text for text in texts):
            return None
        return (
            f"the secret {self.name} may go to {', '.join(self.hosts) or 'no host'}, and not to "
            f"{host}: name another secret, or allow that host in the app setting {BOUND_SETTING}"
        )

    def _takes(self, host: str) -> bool:
        return any(
            host.endswith(each[1:]) if each.startswith("*.") else host == each
            for each in map(str.casefold, self.hosts)
        )


def read_bound_secrets(environment: Mapping[str, str] = os.environ) -> tuple[BoundSecret, ...]:
    """Which secrets go to which hosts only: JSON, {"NAME": ["hooks.contoso.com"]}. One that is not
    there binds nothing. Raises SettingError.
    """
    text = environment.get(BOUND_SETTING, "").strip()
    try:
        bound: object = json.loads(text or "{}")
    except ValueError as error:
        raise _wrong(f"it is no JSON: {error}") from error
    if not isinstance(bound, dict):
        raise _wrong('set it to JSON, {"NAME": ["hooks.contoso.com"]}')
    found = cast("dict[str, object]", bound).items()
    checked = [(name, _hosts(name, hosts)) for name, hosts in found]
    values = {name: environment.get(f"{_PREFIX}{name}", "").strip() for name, _ in checked}
    return tuple(BoundSecret(name, hosts, values[name]) for name, hosts in checked if values[name])


def _hosts(name: str, hosts: object) -> tuple[str, ...]:
    if not _NAME.fullmatch(name):
        raise _wrong(f"{name!r} is no name of a secret: give it as a request does, in capitals")
    named = cast("list[object]", hosts) if isinstance(hosts, list) else [hosts]
    if not all(isinstance(each, str) and _HOST.fullmatch(each) for each in named):
        raise _wrong(
            f'{name} needs a list of hosts, such as ["hooks.contoso.com", "*.contoso.com"]'
        )
    return tuple(cast("list[str]", named))


def _wrong(why: str) -> SettingError:
    message = f"{BOUND_SETTING} is not valid: {why}"
    return SettingError([FieldError(path=BOUND_SETTING, message=message)])


def read_secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The secret of that name. Raises LookupError with what is wrong, and how to set it.

    A Key Vault reference that could not be resolved stands there as it was written:
    learn.microsoft.com/azure/app-service/app-service-key-vault-references, "Troubleshooting".
    """
    setting = f"{_PREFIX}{name}"
    value = environment.get(setting, "").strip()
    if not value:
        raise LookupError(
            f"there is no secret {name}: set the app setting {setting} to it, or to a reference to "
            "a Key Vault"
        )
    if value.casefold().startswith("@microsoft.keyvault("):
        raise LookupError(
            f"the app setting {setting} refers to a Key Vault that gave no secret: see its status "
            "in the portal, and whether the app's identity may read secrets there"
        )
    return value


def revealed(value: str | Secret) -> str:
    """What stands there, or the secret that is named there. Raises LookupError without it."""
    return read_secret(value.secret) if isinstance(value, Secret) else value


def why_lacking(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Why there is no secret of that name; None if there is."""
    try:
        read_secret(name, environment)
    except LookupError as error:
        return str(error)
    return None
