"""The way back: which instances return to which image, in what order."""

from dataclasses import replace

from rollout.cell import Cell
from rollout.fleet import Fleet, Instance
from rollout.health import Health
from rollout.heat_map import HeatMap
from rollout.image import Image
from rollout.plan import Batch, batches_of
from rollout.progress import Progress
from rollout.value import Value


class Stage(Value):
    """The instances that return to one image: Azure upgrades to what the model names, so that the
    model has to name it meanwhile.
    """

    image: Image
    batches: list[Batch]


def excusing(progress: Progress, fleet: Fleet) -> Progress:
    """What is sick when it turns back must not keep it from putting right what it can."""
    sick = tuple(one.instance_id for one in fleet.instances if one.unhealthy)
    return replace(progress, sick_elsewhere=(*progress.sick_elsewhere, *sick))


def adopting(progress: Progress, fleet: Fleet) -> Progress:
    """With the instances that came meanwhile and were made from our model: they go back too, to
    the image the model named, where that says which one it is. Who came is not known of a rollout
    that had ended before.
    """
    old, new = progress.image.from_image, progress.image.to_image
    if old is None or old.open or old.same(new) or not progress.known:
        return progress
    came = {
        one.instance_id: one.model_copy(update={"image": old})
        for one in fleet.instances
        if one.instance_id not in progress.known and one.image.same(new)
    }
    baseline = {**progress.baseline, **came}
    return replace(
        progress,
        baseline=baseline,
        cells={**progress.cells, **dict.fromkeys(came, Cell.DONE)},
        touched={**progress.touched, **dict.fromkeys(came, progress.batch + 1)},
        heat_map=HeatMap.of(baseline.values(), progress.order.request.policy.batch_by),
    )


def rollback_stages(progress: Progress, fleet: Fleet) -> list[Stage]:
    """The touched instances that are not on their own recorded image, newest batch first; before
    them, batches with unhealthy ones. Most fleets ran one image, and have one stage.
    """
    by_image: dict[str, list[Instance]] = {}
    for one in sorted(fleet.instances, key=lambda one: -progress.touched.get(one.instance_id, 0)):
        recorded = progress.baseline.get(one.instance_id)
        if one.instance_id in progress.touched and recorded and not one.runs(recorded.image):
            by_image.setdefault(str(recorded.image).casefold(), []).append(one)
    return [_stage(progress, fleet, members) for members in by_image.values()]


def _stage(progress: Progress, fleet: Fleet, members: list[Instance]) -> Stage:
    policy = progress.order.request.policy.model_copy(update={"canary": None})
    batches = batches_of(policy, members, fleet)
    image = progress.baseline[members[0].instance_id].image
    down = {one.instance_id for one in members if not _serves(one)}
    ordered = sorted(batches, key=lambda batch: _turn(progress, batch, down))
    return Stage(image=image, batches=ordered)


def _serves(one: Instance) -> bool:
    """One that still boots does not, although nobody calls it unhealthy."""
    return one.health is Health.HEALTHY and not one.unhealthy and not one.moving


def _turn(progress: Progress, batch: Batch, down: set[str]) -> tuple[bool, bool, int]:
    """What failed goes first, then what else is down already: else the next batch would be down
    beside it.
    """
    newest = max(progress.touched[one] for one in batch.instance_ids)
    failed = down.intersection(progress.failed)
    return failed.isdisjoint(batch.instance_ids), down.isdisjoint(batch.instance_ids), -newest
