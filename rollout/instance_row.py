"""One row per instance of a rollout, for those who want more than a letter."""

from collections.abc import Mapping

from rollout.cell import Cell
from rollout.fleet import Fleet, Instance
from rollout.health import Health
from rollout.heat_map import HeatMap
from rollout.image import Image
from rollout.skip import ON_TARGET
from rollout.value import Value
from rollout.view import RolloutView


class InstanceRow(Value):
    """An instance: where it stands, its state in the rollout, and what it was before.

    `image` is the image it is known to run: the target once it is there, the one before until its
    upgrade has begun, and none in between. `reason` says why it was skipped or has failed.
    """

    instance_id: str
    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    placement_group: str | None = None
    state: str
    image: Image | None = None
    image_before: Image
    health_before: Health
    reason: str | None = None


def instance_rows(
    baseline: Fleet, view: RolloutView, reasons: Mapping[str, str]
) -> list[InstanceRow]:
    """The rows, in the order of the heat map. An instance that came while the view was made is
    shown as pending.
    """
    heat_map = HeatMap.of(baseline.instances, view.policy.batch_by)
    known = heat_map.read(view.rows) if heat_map.fits(view.rows) else {}
    there = {one.instance_id: one for one in baseline.instances}
    return [
        _row(there[one], known.get(one, Cell.PENDING), view.image.to_image, reasons.get(one))
        for _, ids in heat_map.rows
        for one in ids
    ]


_THERE = {Cell.DONE, Cell.CHECKING, Cell.SETTLING}
_AS_BEFORE = {Cell.PENDING, Cell.SKIPPED, Cell.ROLLED_BACK}


def _row(before: Instance, cell: Cell, target: Image | None, reason: str | None) -> InstanceRow:
    return InstanceRow(
        instance_id=before.instance_id,
        zone=before.zone,
        update_domain=before.update_domain,
        fault_domain=before.fault_domain,
        placement_group=before.placement_group,
        state=cell.word,
        image=_image_now(before.image, target, cell, reason),
        image_before=before.image,
        health_before=before.health,
        reason=reason,
    )


def _image_now(before: Image, target: Image | None, cell: Cell, reason: str | None) -> Image | None:
    if cell in _THERE or reason == ON_TARGET:
        return target
    return before if cell in _AS_BEFORE else None
