"""The settings for following published images."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rollout.base import FieldError, PositiveDuration, SettingError, field_errors
from rollout.fleet import WaveName, WaveRules
from rollout.follow import FollowRules
from rollout.plan import Policy


def read_follow_rules(environment: Mapping[str, str] = os.environ) -> FollowRules:
    """The rules in these settings. Raises SettingError with which are wrong, and how.

    ROLLOUT_POLICIES: JSON, {"name": policy}. ROLLOUT_WAVES: JSON, [{"name": …, "maxConcurrent": …,
    "bakeAfter": …, "approval": …, "maxFailedScaleSets": …, "minimumImageAge": …}] in order.
    ROLLOUT_NEWER_IMAGE: queue or ignore. ROLLOUT_REPLICATION_TIMEOUT: an ISO 8601 duration.
    ROLLOUT_FOLLOW_SUBSCRIPTIONS: ids separated by commas; default AZURE_SUBSCRIPTION_ID.
    """
    found: dict[str, object] = {}
    errors: list[FieldError] = []
    for name, (field, read) in _SETTINGS.items():
        text = environment.get(name)
        try:
            found |= {field: read(text)} if text else {}
        except ValidationError as error:
            message = f"{name} is not valid: {_first_of(error)}"
            errors.append(FieldError(path=name, message=message))
        except ValueError as error:
            errors.append(FieldError(path=name, message=f"{name} is not valid: {error}"))
    if errors:
        raise SettingError(errors)
    return FollowRules.model_validate({"subscriptions": _mine(environment), **found})


def _mine(environment: Mapping[str, str]) -> list[str]:
    return _listed(environment.get("AZURE_SUBSCRIPTION_ID", ""))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _policies(text: str) -> dict[str, Policy]:
    return _POLICIES.validate_python(json.loads(text), by_alias=True, by_name=False)


def _waves(text: str) -> list[WaveRules]:
    waves = _WAVES.validate_python(json.loads(text), by_alias=True, by_name=False)
    if len({wave.name.casefold() for wave in waves}) < len(waves):
        raise ValueError("it names a wave twice: give each its own name")
    return waves


def _first_of(error: ValidationError) -> str:
    """All the errors, as one sentence."""
    return "; ".join(
        f"{detail.path} {detail.message}".removeprefix("$ ") for detail in field_errors(error)
    )


_POLICIES = TypeAdapter(dict[WaveName, Policy])


_WAVES = TypeAdapter(list[WaveRules])


_NEWER: TypeAdapter[str] = TypeAdapter(Literal["queue", "ignore"])


_TIMEOUT: TypeAdapter[timedelta] = TypeAdapter(PositiveDuration)


_SETTINGS: dict[str, tuple[str, Callable[[str], object]]] = {
    "ROLLOUT_POLICIES": ("policies", _policies),
    "ROLLOUT_WAVES": ("waves", _waves),
    "ROLLOUT_NEWER_IMAGE": ("newer_image", _NEWER.validate_python),
    "ROLLOUT_REPLICATION_TIMEOUT": ("replication_timeout", _TIMEOUT.validate_python),
    "ROLLOUT_FOLLOW_SUBSCRIPTIONS": ("subscriptions", _listed),
}
