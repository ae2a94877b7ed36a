"""Ground truth: what really happened to a scale set, whatever reads of it showed meanwhile."""

from collections import defaultdict
from datetime import datetime

from local.arm.base import Interval, Json, peak
from local.arm.model.faults import Faults
from local.arm.model.instance import Instance
from local.arm.model.scale_set import ScaleSet
from local.arm.model.violation import Outage, overlaps


def truth_of(scale_set: ScaleSet, faults: Faults, now: datetime) -> Json:
    """The scale set with its instances, how many were down at once, and every violation.

    An instance is `down` when it does not work because of an upgrade: it is being upgraded, boots,
    has failed, or is on a bad image. `peakUpgrading` counts only those that are being upgraded or
    boot. Peaks are exact: they are computed from all such intervals.
    """
    outages = [
        Outage(
            instance.instance_id,
            instance.place,
            interval,
            upgraded=instance.upgraded_at(interval.start),
        )
        for instance in scale_set.instances.values()
        for interval in instance.downtime(now, faults)
    ]
    violations = sorted([*scale_set.violations, *overlaps(outages)])
    spec = scale_set.spec
    return {
        "id": scale_set.id,
        "name": spec.name,
        "resourceGroup": spec.resource_group,
        "location": spec.location,
        "capacity": len(scale_set.live),
        "upgradePolicy": scale_set.mode,
        "image": scale_set.model.image.identity,
        "models": scale_set.model.number,
        "provisioningState": scale_set.provisioning_state(now),
        "automaticRepairs": scale_set.repairs if scale_set.repairs_enabled else None,
        "instances": [_instance(instance, faults, now) for instance in scale_set.live],
        "peakUpgrading": peak(
            interval
            for instance in scale_set.instances.values()
            for interval in instance.upgrading(now)
        ),
        "peakDown": peak(outage.interval for outage in outages),
        "peakDownByUpdateDomain": _peaks(scale_set, outages),
        "violations": [str(violation) for violation in violations],
    }


def _peaks(scale_set: ScaleSet, outages: list[Outage]) -> dict[str, int]:
    """By update domain, as "0", or "1/0" in zone 1; all domains of the scale set are included."""
    intervals: dict[str | None, list[Interval]] = defaultdict(list)
    for outage in outages:
        intervals[outage.place.domain].append(outage.interval)
    places = [instance.place for instance in scale_set.instances.values()]
    ordered = sorted(places, key=lambda place: (place.zone or "", place.update_domain or 0))
    return {place.domain: peak(intervals[place.domain]) for place in ordered if place.domain}


def _instance(instance: Instance, faults: Faults, now: datetime) -> Json:
    condition = instance.condition(now, faults)
    place = instance.place
    return {
        "instanceId": instance.instance_id,
        "updateDomain": place.update_domain,
        "faultDomain": place.fault_domain,
        "zone": place.zone,
        "placementGroup": place.placement_group,
        "image": condition.deployed.image.identity,
        "provisioning": condition.provisioning,
        "health": condition.health,
        "power": condition.power,
        "upgrades": instance.upgrades(now),
        "upgrading": any(now in interval for interval in instance.upgrading(now)),
        "down": any(now in interval for interval in instance.downtime(now, faults)),
        "protected": instance.protected_from_actions,
    }
