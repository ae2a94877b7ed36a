"""An instance, as the list of its deployments; what it is at a moment follows from them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from local.arm.base import FOREVER, Interval, guid, union
from local.arm.model.deployment import Deployment
from local.arm.model.faults import Faults
from local.arm.model.place import Place


class Provisioning(StrEnum):
    CREATING = "Creating"
    SUCCEEDED = "Succeeded"
    UPDATING = "Updating"
    DELETING = "Deleting"
    FAILED = "Failed"


class Power(StrEnum):
    RUNNING = "running"
    STARTING = "starting"
    STOPPED = "stopped"
    DEALLOCATED = "deallocated"


class Health(StrEnum):
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"
    INITIALIZING = "initializing"


class Condition(NamedTuple):
    """What an instance is at one moment."""

    deployed: Deployment
    """What is on its disk."""
    provisioning: Provisioning
    power: Power
    health: Health
    since: datetime
    """When it got into this provisioning state."""
    is_off: bool
    """It was switched off: nothing in it boots or reports."""

    def stuck(self, state: Provisioning, since: datetime) -> "Condition":
        """The same in that state. What is still being created does not run yet; what is being
        updated or deleted may serve all the while.
        """
        stuck = self._replace(provisioning=state, since=max(since, self.since))
        if state is not Provisioning.CREATING:
            return stuck
        return stuck._replace(power=Power.STARTING, health=Health.UNKNOWN)


@dataclass
class Instance:
    scale_set_id: str
    number: int
    """0, 1, 2 … in the order of creation."""
    instance_id: str
    """The number; in a Flexible set, the VM's name."""
    place: Place
    deployments: list[Deployment]
    """In order; the first is its creation, the last may lie in the future."""
    protected_from_scale_in: bool = False
    protected_from_actions: bool = False
    health_at_creation: Health = Health.HEALTHY
    """Until it is upgraded."""
    switched_off: tuple[datetime, Power] | None = None
    """When, and to what; nobody switches it on again."""
    gone_at: datetime = FOREVER
    puts: list[datetime] = field(default_factory=list[datetime])

    @cached_property
    def vm_id(self) -> str:
        """Azure's unique id of the VM: the same before and after upgrades."""
        return guid("vm", self.scale_set_id, self.instance_id)

    @property
    def latest(self) -> Deployment:
        """The last deployment, whether done, running or planned."""
        return self.deployments[-1]

    def etag(self, now: datetime) -> int:
        """Counts creation, upgrades and writes: recorded, 1 to 2 over one reimage."""
        changes = [deployment.start for deployment in self.deployments] + self.puts
        return sum(moment <= now for moment in changes)

    def upgrades(self, now: datetime) -> int:
        """How many upgrades have begun."""
        return sum(
            deployment.is_upgrade and deployment.start <= now for deployment in self.deployments
        )

    def upgraded_at(self, moment: datetime) -> bool:
        """Whether an upgrade of it begins at that moment."""
        return any(
            deployment.is_upgrade and deployment.start == moment for deployment in self.deployments
        )

    def condition(self, now: datetime, faults: Faults) -> Condition:
        """What it is at that moment, which must not lie before its creation."""
        condition = self._condition(now, faults)
        stuck = faults.stuck(self.scale_set_id, self.instance_id, now)
        return condition.stuck(Provisioning(stuck[0]), stuck[1]) if stuck else condition

    def _condition(self, now: datetime, faults: Faults) -> Condition:
        begun = [deployment for deployment in self.deployments if deployment.start <= now]
        current = begun[-1]
        off = self._off(now)
        if now < current.end:
            return _changing(begun, now, off)
        provisioning = Provisioning.FAILED if current.fails else Provisioning.SUCCEEDED
        health = Health.UNKNOWN if off else self._health(current, now, faults)
        power = off or Power.RUNNING
        return Condition(current, provisioning, power, health, current.end, is_off=bool(off))

    def switch_off(self, power: Power, now: datetime) -> None:
        """Stop it, or deallocate it. If it is off already, the time it went off stays."""
        since = self.switched_off[0] if self.switched_off else now
        self.switched_off = (since, power)

    def _off(self, now: datetime) -> Power | None:
        """NOT VERIFIED: what an upgrade does to a VM that is switched off. Here it gets a new disk,
        stays off, and its operation succeeds.
        """
        return self.switched_off[1] if self.switched_off and self.switched_off[0] <= now else None

    def _health(self, current: Deployment, now: datetime, faults: Faults) -> Health:
        if self.health_at_creation is not Health.HEALTHY and not current.is_upgrade:
            return self.health_at_creation
        if current.fails or any(
            now in interval for interval in faults.unhealthy_intervals(self.scale_set_id, current)
        ):
            return Health.UNHEALTHY
        if now < current.ready:
            half = current.end + (current.ready - current.end) / 2
            return Health.INITIALIZING if now < half else Health.UNHEALTHY
        if faults.is_flapping(self.scale_set_id, self.instance_id, current.image, now):
            return Health.UNHEALTHY
        return Health.HEALTHY

    def downtime(self, now: datetime, faults: Faults) -> list[Interval]:
        """When it was down because of an upgrade, as known now; the last interval may be open. An
        instance that is switched off is down for that reason, except while it is being upgraded;
        one that was unhealthy before its first upgrade did not go down because of it.
        """
        life = Interval(self.deployments[0].start, self.gone_at)
        outages = union(part.within(life) for part in self._outages(now, faults))
        return outages[1:] if self._was_unhealthy_before(faults) else outages

    def _was_unhealthy_before(self, faults: Faults) -> bool:
        """Whether it was down when its first upgrade began."""
        created, *upgrades = self.deployments
        if created.fails or self.health_at_creation is Health.UNHEALTHY:
            return True
        ill = faults.unhealthy_intervals(self.scale_set_id, created)
        return bool(upgrades) and any(
            interval.start < upgrades[0].start <= interval.end for interval in ill
        )

    def upgrading(self, now: datetime) -> list[Interval]:
        """When it was being upgraded or booted after an upgrade, whether healthy or not."""
        life = Interval(self.deployments[0].start, self.gone_at)
        return union(
            part.within(life)
            for deployment, until in self._upgrades_begun(now)
            for part in (deployment.change, deployment.boot.within(Interval(life.start, until)))
        )

    def _upgrades_begun(self, now: datetime) -> list[tuple[Deployment, datetime]]:
        """Each with when the next one begins: what boots until then boots no longer."""
        ends = [later.start for _, later in pairwise(self.deployments)] + [FOREVER]
        return [
            (deployment, until)
            for deployment, until in zip(self.deployments, ends, strict=True)
            if deployment.is_upgrade and deployment.start <= now
        ]

    def _outages(self, now: datetime, faults: Faults) -> list[Interval]:
        outages: list[Interval] = []
        off_at = self.switched_off[0] if self.switched_off else FOREVER
        on = Interval(self.deployments[0].start, off_at)
        for deployment, until in self._upgrades_begun(now):
            on_disk = Interval(deployment.end, until)
            unhealthy = (
                [on_disk]
                if deployment.fails
                else faults.unhealthy_intervals(self.scale_set_id, deployment)
            )
            seen = (part.within(on_disk) for part in (deployment.boot, *unhealthy))
            outages += [deployment.change, *(part.within(on) for part in seen)]
        return outages


def _changing(begun: list[Deployment], now: datetime, off: Power | None) -> Condition:
    """Being created or upgraded. Until the new disk is in place, the old image is shown."""
    current = begun[-1]
    half = current.start + (current.end - current.start) / 2
    is_new = len(begun) == 1
    power = off or (Power.STOPPED if now < half and not is_new else Power.STARTING)
    return Condition(
        current if is_new else begun[-2],
        Provisioning.CREATING if is_new else Provisioning.UPDATING,
        power,
        Health.UNKNOWN,
        current.start,
        is_off=bool(off),
    )
