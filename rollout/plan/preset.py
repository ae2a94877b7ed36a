"""Policies with a name, to begin a rollout with."""

from datetime import timedelta
from typing import Any

from rollout.base import Value
from rollout.plan.policy import CanaryPolicy, HealthPolicy, Policy


class Preset(Value):
    """A policy with a name. `policy` is only what differs from the defaults: give it in a request
    as it is, or change some of it.
    """

    name: str
    title: str
    description: str
    policy: dict[str, Any]


def _preset(name: str, title: str, description: str, policy: Policy) -> Preset:
    fields = policy.model_dump(mode="json", exclude_defaults=True)
    return Preset(name=name, title=title, description=description, policy=fields)


PRESETS = (
    _preset(
        "default",
        "Default",
        "A fifth of the scale set at a time, one update domain after another. The first failure "
        "puts everything back.",
        Policy(),
    ),
    _preset(
        "careful",
        "Careful",
        "One instance first, which bakes for ten minutes; then a tenth at a time. Somebody "
        "approves every batch, and decides when an instance fails.",
        Policy(
            canary=CanaryPolicy(instances=1, bake=timedelta(minutes=10)),
            max_batch_instances="10%",
            approval="everyBatch",
            health=HealthPolicy(stable=timedelta(minutes=5), timeout=timedelta(minutes=30)),
            on_failure="pause",
        ),
    ),
    _preset(
        "canary",
        "Canary",
        "One instance first, which bakes for ten minutes; everything after it waits for one "
        "approval. The first failure puts everything back.",
        Policy(
            canary=CanaryPolicy(instances=1, bake=timedelta(minutes=10)),
            approval="canary",
        ),
    ),
    _preset(
        "quick",
        "Quick",
        "A whole update domain at a time, at most half of the scale set, each healthy for fifteen "
        "seconds. The first failure puts everything back.",
        Policy(
            max_batch_instances="50%",
            health=HealthPolicy(interval=timedelta(seconds=5), stable=timedelta(seconds=15)),
        ),
    ),
)
