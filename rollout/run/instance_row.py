"""One row per instance of a rollout, for those who need more than a letter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rollout.base import Cell, Phase, Value
from rollout.batch import health_on_target
from rollout.inventory import Health, HeatMap, Image, Instance, Inventory, ScaleSet
from rollout.plan import ON_TARGET
from rollout.run.timeline import Events, TimelineBatch, timeline_of
from rollout.run.view import RolloutView


class InstanceRow(Value):
    """An instance: its placement, its state in the rollout, and what it was before.

    `image` is the image it is known to run: the original one before its upgrade or after a
    rollback, the target once it runs that, also if it has failed on it, otherwise null. `reason` is
    why it was skipped or has failed. `health` is what the rollout has seen of it since its upgrade,
    left out while that is not known; `batch` is the last one that it was in, with when that was
    sent and when it had ended.
    """

    instance_id: str
    name: str = ""
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    placement_group_id: str | None = None
    state: str
    image: Image | None = None
    image_before: Image
    health_before: Health
    health: Health | None = None
    reason: str | None = None
    batch: int | None = None
    sent_at: datetime | None = None
    ended_at: datetime | None = None


def instance_rows(
    baseline: Inventory, view: RolloutView, reasons: Mapping[str, str], events: Events = ()
) -> list[InstanceRow]:
    """The rows, in the order of the heat map. An instance that appeared while the view was made is
    shown as pending.
    """
    heat_map = HeatMap.of(baseline.instances, view.policy.batch_by)
    cells = heat_map.read(view.rows) if heat_map.fits(view.rows) else {}
    there = {instance.instance_id: instance for instance in baseline.instances}
    begun = [batch for batch in timeline_of(events, view) if batch.began_at]
    last = {each: batch for batch in begun for each in batch.instance_ids}
    return [
        _row(
            there[instance_id],
            cells.get(instance_id, Cell.PENDING),
            view,
            reasons.get(instance_id),
            _placed(instance_id, baseline.scale_set, last.get(instance_id)),
        )
        for instance_id in heat_map.instance_ids
    ]


def _placed(instance_id: str, of: ScaleSet, batch: TimelineBatch | None) -> dict[str, Any]:
    """Its name in Azure (an instance of a Flexible scale set is known by that), and its batch."""
    named = {"name": instance_id if of.flexible else f"{of.id.name}_{instance_id}"}
    if batch is None:
        return named
    times = {"sent_at": batch.sent_at, "ended_at": batch.ended_at}
    return {**named, "batch": batch.number, **times}


_SEEN_HEALTHY = {Cell.SETTLING, Cell.DONE, Cell.ROLLED_BACK}
_ARRIVED = {Cell.CHECKING, Cell.SETTLING}
_AS_BEFORE = {Cell.PENDING, Cell.SKIPPED, Cell.ROLLED_BACK}


def _row(
    before: Instance, cell: Cell, view: RolloutView, reason: str | None, placed: dict[str, Any]
) -> InstanceRow:
    failed_with = _failed_with(cell, view, reason)
    return InstanceRow(
        instance_id=before.instance_id,
        zone=before.zone,
        update_domain=before.update_domain,
        fault_domain=before.fault_domain,
        placement_group_id=before.placement_group_id,
        state=cell.state,
        image=view.image.to_image if failed_with else _image_now(before.image, cell, view, reason),
        image_before=before.image,
        health_before=before.health,
        health=seen_health(cell, view, reason),
        reason=reason,
        **placed,
    )


def seen_health(cell: Cell, view: RolloutView, reason: str | None) -> Health | None:
    """What the rollout has seen of an instance since its upgrade; None while that is not known."""
    return Health.HEALTHY if cell in _SEEN_HEALTHY else _failed_with(cell, view, reason)


def _failed_with(cell: Cell, view: RolloutView, reason: str | None) -> Health | None:
    """Its health, if it is known to have failed on the new image; on the way back, or after it, the
    same words are said of the image before.
    """
    return health_on_target(reason) if cell is Cell.FAILED and view.model_set else None


def _image_now(before: Image, cell: Cell, view: RolloutView, reason: str | None) -> Image | None:
    back = view.phase is Phase.ROLLING_BACK or view.rollback_incomplete
    if (cell in _AS_BEFORE and reason != ON_TARGET) or (cell in _ARRIVED and back):
        return before
    there = cell is Cell.DONE or cell in _ARRIVED or reason == ON_TARGET
    return view.image.to_image if there else None
