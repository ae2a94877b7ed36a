"""When a fleet rollout will be done, estimated from the wave that is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rollout.fleet.request import WaveRules


@dataclass(frozen=True)
class WaveWork:
    """The instances of a wave: all, and those that are done."""

    rules: WaveRules
    total: int
    done: int


def estimate_end(
    now: datetime, began: datetime, baking_until: datetime | None, waves: Sequence[WaveWork]
) -> datetime | None:
    """The estimated end: instances take as long as those of the current wave, the first of `waves`,
    took since it began, and each wave bakes. None until an instance is done. Approvals take as long
    as people do, and are not counted.
    """
    current = waves[0]
    if not current.done:
        return None
    until = baking_until - current.rules.bake_after if baking_until else now
    pace = (until - began) / current.done * current.rules.max_concurrent
    left = timedelta(0)
    for wave in waves:
        left += pace * (wave.total - wave.done) / wave.rules.max_concurrent + wave.rules.bake_after
    if baking_until:
        left -= current.rules.bake_after - max(timedelta(0), baking_until - now)
    return now + left
