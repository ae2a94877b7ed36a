"""How published images are followed: the app's settings for that, read and checked."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from rollout.duration import PositiveDuration
from rollout.fleet_request import WaveName, WaveRules
from rollout.problem import SettingError, field_errors
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
    """The rules in these settings. Raises SettingError that says which is wrong, and how.

    ROLLOUT_POLICIES: JSON, {"name": policy}. ROLLOUT_WAVES: JSON, [{"name": …, "maxConcurrent": …,
    "bakeAfter": …, "approval": …, "maxFailedScaleSets": …, "minimumImageAge": …}] in order.
    ROLLOUT_NEWER_IMAGE: queue or ignore. ROLLOUT_REPLICATION_TIMEOUT: an ISO 8601 duration.
    ROLLOUT_FOLLOW_SUBSCRIPTIONS: ids, with commas between; else AZURE_SUBSCRIPTION_ID.
    """
    named = environment.get("ROLLOUT_FOLLOW_SUBSCRIPTIONS") or environment.get(
        "AZURE_SUBSCRIPTION_ID", ""
    )
    rules = FollowRules(
        policies=_json(environment, "ROLLOUT_POLICIES", TypeAdapter(dict[WaveName, Policy]), {}),
        waves=_json(environment, "ROLLOUT_WAVES", TypeAdapter(list[WaveRules]), []),
        subscriptions=[one.strip() for one in named.split(",") if one.strip()],
    )
    return _with_texts(environment, _distinct(rules))


def _with_texts(environment: Mapping[str, str], rules: FollowRules) -> FollowRules:
    texts = {
        "newerImage": "ROLLOUT_NEWER_IMAGE",
        "replicationTimeout": "ROLLOUT_REPLICATION_TIMEOUT",
    }
    for field, setting in texts.items():
        if value := environment.get(setting):
            try:
                rules = FollowRules.from_json({**rules.to_json(), field: value})
            except ValidationError as error:
                told = field_errors(error)[0].message
                raise SettingError(f"{setting} is {value!r}: it {told}") from error
    return rules


def _distinct(rules: FollowRules) -> FollowRules:
    names = [wave.name.casefold() for wave in rules.waves]
    if len(set(names)) < len(names):
        raise SettingError("ROLLOUT_WAVES names a wave twice: give each its own name")
    return rules


def _json[T](environment: Mapping[str, str], name: str, kind: TypeAdapter[T], default: T) -> T:
    text = environment.get(name)
    if not text:
        return default
    try:
        return kind.validate_python(json.loads(text), by_alias=True, by_name=False)
    except ValidationError as error:
        told = "; ".join(f"{one.path}: {one.message}" for one in field_errors(error))
        raise SettingError(f"{name} is not valid: {told}") from error
    except ValueError as error:
        raise SettingError(f"{name} is not JSON: {error}") from error
