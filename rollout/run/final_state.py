"""What a rollout leaves behind: read from Azure when it ends, not assumed."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from rollout.base import IN_PROGRESS, Cell, Value
from rollout.inventory import Health, Image, Instance, Inventory
from rollout.run.progress import Progress


class Place(StrEnum):
    """Where a rollout leaves an instance: a field of `FinalState`."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"
    OFF = "off"
    RETURNED = "returned"
    RETURNED_NOT_HEALTHY = "returned_not_healthy"
    UNFINISHED = "unfinished"
    FAILED = "failed"
    ELSEWHERE = "elsewhere"
    SKIPPED = "skipped"
    GONE = "gone"
    UNTOUCHED = "untouched"


class FinalState(Value):
    """What a rollout leaves: the model's image, and instance ids.

    On the target image are `healthy`, `unhealthy`, `unknown` (nobody knows their health) and `off`;
    `not_moved` are those of them that came there without the rollout, `before` those that ran it
    before the rollout and that it never touched. `returned` and
    `returned_not_healthy` went back. `unfinished` were in the middle of their upgrade, `arrived`
    are those of them that run the target by now. `failed` are not on the target, `elsewhere` were
    touched and run another image by now. `unread` is why nothing of this could be read: then it is
    what was known last. `repairs` says that automatic repairs are still suspended, and why.
    """

    unread: str | None = None
    model: Image | None = None
    healthy: list[str] = []
    unhealthy: list[str] = []
    unknown: list[str] = []
    off: list[str] = []
    not_moved: list[str] = []
    before: list[str] = []
    returned: list[str] = []
    returned_not_healthy: list[str] = []
    unfinished: list[str] = []
    arrived: list[str] = []
    failed: list[str] = []
    elsewhere: list[str] = []
    skipped: list[str] = []
    gone: list[str] = []
    untouched: list[str] = []
    repairs: str | None = None

    @property
    def on_target(self) -> list[str]:
        """Those that run the target image, however healthy."""
        return [*self.healthy, *self.unhealthy, *self.unknown, *self.off]


def final_state_of(
    progress: Progress, inventory: Inventory, repairs: str | None = None
) -> FinalState:
    """What the rollout leaves, by a read at its end."""
    there = {instance.instance_id: instance for instance in inventory.instances}
    tally = progress.tally
    placed = {key: _place(progress, instance) for key, instance in there.items()}
    placed |= dict.fromkeys((key for key in tally.cells if key not in there), Place.GONE)
    return FinalState(
        **_listed(placed.items()),
        model=inventory.scale_set.image,
        not_moved=[key for key, instance in there.items() if _not_moved(progress, instance)],
        before=[key for key, instance in there.items() if _there_before(progress, instance)],
        arrived=[
            key
            for key, place in placed.items()
            if place is Place.UNFINISHED and _on_target(progress, there[key])
        ],
        repairs=repairs,
    )


_KNOWN_LAST = {
    Cell.DONE: Place.HEALTHY,
    Cell.ROLLED_BACK: Place.RETURNED,
    Cell.FAILED: Place.FAILED,
    Cell.SKIPPED: Place.SKIPPED,
    Cell.GONE: Place.GONE,
    Cell.PENDING: Place.UNTOUCHED,
    **dict.fromkeys(IN_PROGRESS, Place.UNFINISHED),
}


def known_last(progress: Progress, why: str, repairs: str | None = None) -> FinalState:
    """What was known of it last, because it could not be read, for that reason."""
    placed = [(key, _KNOWN_LAST[cell]) for key, cell in progress.tally.cells.items()]
    return FinalState(**_listed(placed), unread=why, repairs=repairs)


def _listed(placed: Iterable[tuple[str, Place | None]]) -> dict[str, Any]:
    lists: dict[str, list[str]] = {}
    for instance_id, place in placed:
        if place:
            lists.setdefault(place.value, []).append(instance_id)
    return lists


def _place(progress: Progress, now: Instance) -> Place | None:
    """None for an instance that the rollout was not about and that has not come to its image."""
    cell = progress.tally.cells.get(now.instance_id)
    if cell in IN_PROGRESS:
        return Place.UNFINISHED
    if progress.rolling_back and _returned(progress, now):
        healthy = _condition(now) is Place.HEALTHY
        return Place.RETURNED if healthy else Place.RETURNED_NOT_HEALTHY
    if _on_target(progress, now):
        return _condition(now)
    if now.instance_id in progress.tally.touched:
        return Place.FAILED if cell is Cell.FAILED else Place.ELSEWHERE
    if cell is Cell.GONE:
        return Place.UNTOUCHED  # lists had lacked it, and it is there
    return _KNOWN_LAST[cell] if cell else None


def _on_target(progress: Progress, now: Instance) -> bool:
    return now.image.same(progress.image.to_image)


def _returned(progress: Progress, now: Instance) -> bool:
    before = progress.baseline.instances.get(now.instance_id)
    touched = now.instance_id in progress.tally.touched
    return touched and before is not None and now.image.same(before.image)


def _condition(now: Instance) -> Place:
    if now.off:
        return Place.OFF
    if now.unhealthy:
        return Place.UNHEALTHY
    certain = now.health is Health.HEALTHY and not now.moving
    return Place.HEALTHY if certain else Place.UNKNOWN


def _not_moved(progress: Progress, now: Instance) -> bool:
    """Whether it came to the target image without the rollout."""
    return _on_target_untouched(progress, now) and not _ran_it_before(progress, now)


def _there_before(progress: Progress, now: Instance) -> bool:
    """Whether it ran the target image before the rollout, which never touched it."""
    return _on_target_untouched(progress, now) and _ran_it_before(progress, now)


def _on_target_untouched(progress: Progress, now: Instance) -> bool:
    return now.instance_id not in progress.tally.touched and _on_target(progress, now)


def _ran_it_before(progress: Progress, now: Instance) -> bool:
    before = progress.baseline.before(now.instance_id)
    return before is not None and now.image.same(before.image)
