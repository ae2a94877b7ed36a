"""One row per instance of a rollout, for those who need more than a letter."""

from collections.abc import Mapping

from rollout.base import Cell, Value
from rollout.inventory import Health, HeatMap, Image, Instance, Inventory
from rollout.plan import ON_TARGET
from rollout.run.view import RolloutView


class InstanceRow(Value):
    """An instance: its placement, its state in the rollout, and what it was before.

    `image` is the image it is known to run: the original one before its upgrade or after a
    rollback, the target once it runs that, otherwise null. `reason` is why it was skipped or has
    failed.
    """

    instance_id: str
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    placement_group_id: str | None = None
    state: str
    image: Image | None = None
    image_before: Image
    health_before: Health
    reason: str | None = None


def instance_rows(
    baseline: Inventory, view: RolloutView, reasons: Mapping[str, str]
) -> list[InstanceRow]:
    """The rows, in the order of the heat map. An instance that appeared while the view was made is
    shown as pending.
    """
    heat_map = HeatMap.of(baseline.instances, view.policy.batch_by)
    cells = heat_map.read(view.rows) if heat_map.fits(view.rows) else {}
    there = {instance.instance_id: instance for instance in baseline.instances}
    return [
        _row(
            there[instance_id],
            cells.get(instance_id, Cell.PENDING),
            view.image.to_image,
            reasons.get(instance_id),
        )
        for instance_id in heat_map.instance_ids
    ]


_THERE = {Cell.DONE, Cell.CHECKING, Cell.SETTLING}
_AS_BEFORE = {Cell.PENDING, Cell.SKIPPED, Cell.ROLLED_BACK}


def _row(before: Instance, cell: Cell, target: Image | None, reason: str | None) -> InstanceRow:
    return InstanceRow(
        instance_id=before.instance_id,
        zone=before.zone,
        update_domain=before.update_domain,
        fault_domain=before.fault_domain,
        placement_group_id=before.placement_group_id,
        state=cell.state,
        image=_image_now(before.image, target, cell, reason),
        image_before=before.image,
        health_before=before.health,
        reason=reason,
    )


def _image_now(before: Image, target: Image | None, cell: Cell, reason: str | None) -> Image | None:
    if cell in _THERE or reason == ON_TARGET:
        return target
    return before if cell in _AS_BEFORE else None
