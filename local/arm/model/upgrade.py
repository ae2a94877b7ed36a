"""How instances get to the current model: at once, or batch by batch."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched, groupby

from local.arm.base import fraction
from local.arm.model.deployment import Deployment
from local.arm.model.faults import Faults
from local.arm.model.instance import Instance
from local.arm.model.scale_set import ScaleSet

_NO_OP = timedelta(seconds=0.3)  # recorded: 0.3 s and more when nothing had to be done


def upgrade(
    scale_set: ScaleSet, instances: Iterable[Instance], start: datetime, faults: Faults
) -> list[Deployment]:
    """Upgrade those of these instances that need it, from that moment on; returns the deployments.

    The VM goes down `staleAfterAccept` later.
    """
    begin = start + scale_set.spec.stale_after_accept
    done: list[Deployment] = []
    for instance in instances:
        if instance.latest.model != scale_set.model.number or instance.latest.fails:
            instance.deployments.append(_deployment(scale_set, instance, begin, faults))
            done.append(instance.latest)
    return done


def upgrade_by_itself(scale_set: ScaleSet, now: datetime, faults: Faults) -> list[Deployment]:
    """What Azure does after a model change: nothing under policy Manual, all instances at once
    under Automatic, batch by batch under Rolling. It skips protected ones.
    """
    reachable = [instance for instance in scale_set.live if not instance.protected_from_actions]
    if scale_set.mode == "Automatic":
        return upgrade(scale_set, reachable, now, faults)
    done = _roll(scale_set, reachable, now, faults) if scale_set.mode == "Rolling" else []
    scale_set.rolling_upgrade = done or scale_set.rolling_upgrade
    return done


def ending(done: Iterable[Deployment], now: datetime) -> datetime:
    """When an operation ends: with its slowest instance, which still has to boot then."""
    return max((deployment.end for deployment in done), default=now + _NO_OP)


def _roll(
    scale_set: ScaleSet, instances: list[Instance], now: datetime, faults: Faults
) -> list[Deployment]:
    done: list[Deployment] = []
    start = now
    for batch in _batches(instances):
        done += upgrade(scale_set, batch, start, faults)
        start = max((deployment.ready for deployment in done), default=start)
    return done


def _batches(instances: list[Instance]) -> Iterator[tuple[Instance, ...]]:
    """One update domain after the other; where there are none, a fifth of the set at a time, as
    Azure's maxBatchInstancePercent has it by default, and never two zones together.
    """
    fifth = max(1, len(instances) // 5)

    def position(instance: Instance) -> tuple[str, str]:
        return instance.place.zone or "", instance.place.domain or ""

    for (_, domain), group in groupby(sorted(instances, key=position), key=position):
        yield from batched(group, len(instances) if domain else fifth, strict=False)


def _deployment(
    scale_set: ScaleSet, instance: Instance, start: datetime, faults: Faults
) -> Deployment:
    spec, instance_id = scale_set.spec, instance.instance_id
    longer = 1 + spec.upgrade_spread * fraction(scale_set.id, instance_id)
    end = start + spec.upgrade_duration * longer
    return Deployment(
        start=start,
        end=end,
        ready=end + faults.boot(scale_set.id, instance_id, spec.boot_duration),
        image=scale_set.model.image,
        model=scale_set.model.number,
        fails=faults.upgrade_fails(scale_set.id, instance_id),
    )
