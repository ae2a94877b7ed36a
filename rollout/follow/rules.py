"""How published images are followed: the app's settings for that, read and checked."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from rollout.base import PositiveDuration, Value
from rollout.fleet import WaveRules
from rollout.plan import Policy

BAKE = timedelta(hours=1)
"""How long a wave bakes if no setting describes it."""


class FollowRules(Value):
    """How published images are followed."""

    policies: dict[str, Policy] = {}
    """By name, as tags refer to them."""
    waves: list[WaveRules] = []
    """In order; empty: the waves that tags name."""
    newer_image: Literal["queue", "ignore"] = "queue"
    """What to do with a version published while another is being rolled."""
    replication_timeout: PositiveDuration = Field(default=timedelta(days=1), validate_default=True)
    """How long to wait until a version is usable."""
    subscriptions: list[str] = []
    """Those whose scale sets may follow; empty: only the image's own."""

    def wave(self, name: str) -> WaveRules:
        """The rules of a wave that a tag names and no setting describes."""
        return WaveRules(name=name, bake_after=BAKE)
