"""The settings that say who may do what."""

import json
import os
from collections.abc import Callable, Mapping
from typing import cast

from rollout.access import AccessRules, Permission
from rollout.base import FieldError, SettingError

_AUTHENTICATION = "WEBSITE_AUTH_ENABLED"
"""Set by App Service itself while its authentication is on."""
_ROLES, _SIGN_IN, _SECOND = "ROLLOUT_ROLES", "ROLLOUT_REQUIRE_SIGN_IN", "ROLLOUT_SECOND_PERSON"
_STATUS_URI = "ROLLOUT_STATUS_URI"


def read_access_rules(environment: Mapping[str, str] = os.environ) -> AccessRules:
    """The rules in these settings. Raises SettingError with what is wrong with each."""
    errors: list[FieldError] = []

    def read[T](name: str, parse: Callable[[str], T], default: T) -> T:
        text = environment.get(name, "").strip()
        try:
            return parse(text) if text else default
        except ValueError as error:
            errors.append(FieldError(path=name, message=f"{name} is {text!r}: {error}"))
            return default

    rules = AccessRules(
        authenticated=environment.get(_AUTHENTICATION, "").strip().casefold() == "true",
        require_sign_in=read(_SIGN_IN, _switch, default=False),
        second_person=read(_SECOND, _switch, default=False),
        status_uri=read(_STATUS_URI, _switch, default=True),
        roles=read(_ROLES, _roles, {}),
    )
    if errors := [*errors, *_nobody_can_sign_in(rules)]:
        raise SettingError(errors)
    return rules


def _nobody_can_sign_in(rules: AccessRules) -> list[FieldError]:
    wanting = {
        _ROLES: bool(rules.roles),
        _SIGN_IN: rules.require_sign_in,
        _SECOND: rules.second_person,
    }
    why = (
        "needs callers who are signed in, but App Service authentication is off "
        f"({_AUTHENTICATION} is not true): switch it on (docs/deploy.md, Sign in with Entra ID), "
        "or leave this setting out"
    )
    names = [] if rules.authenticated else [name for name, wants in wanting.items() if wants]
    return [FieldError(path=name, message=f"{name} {why}") for name in names]


def _switch(text: str) -> bool:
    if text.casefold() not in {"true", "false"}:
        raise ValueError("set it to true or false")
    return text.casefold() == "true"


def _roles(text: str) -> dict[Permission, frozenset[str]]:
    """JSON: {"approve": ["Rollout.Approver"]}. No roles for a permission means anybody."""
    how = 'set it to JSON, {"read": [role, …], "start": …, "approve": …, "manage": …}'
    try:
        data: object = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{error}; {how}") from error
    if not isinstance(data, dict):
        raise ValueError(how)
    found: dict[Permission, frozenset[str]] = {}
    for key, names in cast("dict[str, object]", data).items():
        if key not in set(Permission) or not _all_names(names):
            raise ValueError(f"{key} is wrong; {how}")
        if names:
            found[Permission(key)] = frozenset(cast("list[str]", names))
    return found


def _all_names(names: object) -> bool:
    return isinstance(names, list) and all(
        isinstance(name, str) and name for name in cast("list[object]", names)
    )
