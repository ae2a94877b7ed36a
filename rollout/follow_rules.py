"""How published images are followed: the app's settings for that, read and checked."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from rollout.duration import PositiveDuration
from rollout.fleet_request import WaveName, WaveRules
from rollout.problem import FieldError, SettingError, field_errors
from rollout.request import Policy
from rollout.value import Value

BAKE = timedelta(hours=1)
"""How long a wave bakes that no setting describes."""


class FollowRules(Value):
    """Named policies; the waves in order (none: those that tags name, in order); what to do with a
    version that is published while another is being rolled; how long a version may take until it is
    usable; and the subscriptions whose scale sets may follow (none: that of the image).
    """

    policies: dict[str, Policy] = {}
    waves: list[WaveRules] = []
    newer_image: Literal["queue", "ignore"] = "queue"
    replication_timeout: PositiveDuration = Field(default=timedelta(days=1), validate_default=True)
    subscriptions: list[str] = []

    def wave(self, name: str) -> WaveRules:
        """The rules of a wave that a tag names and no setting describes."""
        return WaveRules(name=name, bake_after=BAKE)


def read_follow_rules(environment: Mapping[str, str]) -> FollowRules:
    """The rules in these settings. Raises SettingError that says which are wrong, and how.

    ROLLOUT_POLICIES: JSON, {"name": policy}. ROLLOUT_WAVES: JSON, [{"name": …, "maxConcurrent": …,
    "bakeAfter": …, "approval": …, "maxFailedScaleSets": …, "minimumImageAge": …}] in order.
    ROLLOUT_NEWER_IMAGE: queue or ignore. ROLLOUT_REPLICATION_TIMEOUT: an ISO 8601 duration.
    ROLLOUT_FOLLOW_SUBSCRIPTIONS: ids, with commas between; else AZURE_SUBSCRIPTION_ID.
    """
    told: dict[str, object] = {}
    errors: list[FieldError] = []
    for name, (field, read) in _SETTINGS.items():
        text = environment.get(name)
        try:
            told |= {field: read(text)} if text else {}
        except ValidationError as error:
            message = f"{name} is not valid: {_first_of(error)}"
            errors.append(FieldError(path=name, message=message))
        except ValueError as error:
            errors.append(FieldError(path=name, message=f"{name} is not valid: {error}"))
    if errors:
        raise SettingError(errors)
    return FollowRules.model_validate({"subscriptions": _mine(environment), **told})


def _mine(environment: Mapping[str, str]) -> list[str]:
    return _listed(environment.get("AZURE_SUBSCRIPTION_ID", ""))


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _policies(text: str) -> dict[str, Policy]:
    return _POLICIES.validate_python(json.loads(text), by_alias=True, by_name=False)


def _waves(text: str) -> list[WaveRules]:
    waves = _WAVES.validate_python(json.loads(text), by_alias=True, by_name=False)
    if len({wave.name.casefold() for wave in waves}) < len(waves):
        raise ValueError("it names a wave twice: give each its own name")
    return waves


def _first_of(error: ValidationError) -> str:
    """The errors, as one sentence."""
    return "; ".join(f"{one.path} {one.message}".removeprefix("$ ") for one in field_errors(error))


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
