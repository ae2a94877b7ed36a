"""The stories, and which of them a run tells: each is a coroutine that takes a Story."""

from acceptance.stories.ends import bad_image_paused, bad_image_put_back, to_the_end
from acceptance.stories.fleets import (
    fleet_aborted,
    fleet_of_two_waves,
    fleet_put_back_on_the_way,
    fleets_at_once,
)
from acceptance.stories.followed import followed_image
from acceptance.stories.starts import one_id_two_scale_sets, plan, same_start, simultaneous_starts
from acceptance.stories.taken import taken_ids, taken_ids_at_once
from acceptance.stories.verbs import (
    abort,
    failed_instance_retried,
    failed_instance_skipped,
    rollback_on_the_way,
)
from acceptance.story import Scene

ANYWHERE: tuple[Scene, ...] = (plan, simultaneous_starts, same_start, abort, rollback_on_the_way)
"""Need no control of Azure. At most one batch moves, and it is put back."""

SIMULATED: tuple[Scene, ...] = (
    followed_image,
    fleet_of_two_waves,
    bad_image_put_back,
    bad_image_paused,
    to_the_end,
    fleet_put_back_on_the_way,
    fleet_aborted,
    failed_instance_skipped,
    fleets_at_once,
    one_id_two_scale_sets,
    taken_ids,
    taken_ids_at_once,
)
"""Need a simulated Azure; the longest first, because they run side by side."""

ALONE: tuple[Scene, ...] = (failed_instance_retried,)
"""Need it for themselves: they end its faults."""

SHORT: tuple[Scene, ...] = (
    plan,
    simultaneous_starts,
    same_start,
    abort,
    fleets_at_once,
    one_id_two_scale_sets,
    taken_ids,
    taken_ids_at_once,
)
"""What a change is most likely to break."""

__all__ = ["ALONE", "ANYWHERE", "SHORT", "SIMULATED"]
