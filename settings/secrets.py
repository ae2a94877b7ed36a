"""Secrets that requests and settings name, and never write."""

import os
from collections.abc import Mapping

from rollout.base import Secret

_PREFIX = "ROLLOUT_SECRET_"


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
