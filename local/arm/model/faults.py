"""The declared faults: what they do to instances, to answers and to scale sets, and since when."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.arm.base import Interval
from local.arm.images import Image
from local.arm.model.deployment import Deployment
from local.arm.model.fault import (
    AnswerFault,
    BadImage,
    Conflict,
    DelayEvents,
    Denied,
    DropConnection,
    DuplicateEvents,
    Event,
    EventFault,
    Fault,
    Flapping,
    ForeignWrite,
    InstanceStops,
    InstanceVanishes,
    ScaleOut,
    ServerError,
    SlowBoot,
    Throttle,
    UpgradeFails,
)


@dataclass
class _Standing[F: Fault]:
    """A fault and its life. A cleared one is kept: what it did stays true of the past."""

    fault: F
    life: Interval
    seen: int = 0
    hits: int = 0


class Faults:
    """All faults ever declared, by what they act on."""

    def __init__(self) -> None:
        self._ailments: list[_Standing[BadImage | Flapping]] = []
        self._upgrades: list[_Standing[SlowBoot | UpgradeFails]] = []
        self._answers: list[_Standing[AnswerFault]] = []
        self._events: list[_Standing[Event]] = []
        self._deliveries: list[_Standing[EventFault]] = []
        self._count = 0

    def declare(self, fault: Fault, now: datetime) -> str:
        """Begin a fault; answers its id."""
        life = Interval(now)
        match fault:
            case BadImage() | Flapping():
                self._ailments.append(_Standing(fault, life))
            case SlowBoot() | UpgradeFails():
                self._upgrades.append(_Standing(fault, life))
            case Throttle() | ServerError() | Denied() | DropConnection() | Conflict():
                self._answers.append(_Standing(fault, life))
            case ForeignWrite() | InstanceVanishes() | InstanceStops() | ScaleOut():
                self._events.append(_Standing(fault, Interval(now + fault.after)))
            case DuplicateEvents() | DelayEvents():
                self._deliveries.append(_Standing(fault, life))
        self._count += 1
        return f"fault-{self._count}"

    def clear(self, now: datetime) -> None:
        """End all faults; what has not happened yet will not."""
        for one in self._ailments:
            one.life = Interval(one.life.start, min(one.life.end, now))
        for group in (self._upgrades, self._answers, self._events, self._deliveries):
            group.clear()

    def sickness(self, scale_set_id: str, deployed: Deployment) -> Iterator[Interval]:
        """When the image makes an instance sick that it was deployed to."""
        for one in self._ailments:
            fault = one.fault
            if not isinstance(fault, BadImage) or not fault.concerns(scale_set_id):
                continue
            if fault.is_on(deployed.image):
                begin = deployed.end if fault.after is None else deployed.ready + fault.after
                yield Interval(begin).within(one.life)

    def flaps(self, scale_set_id: str, instance_id: str, image: Image, now: datetime) -> bool:
        """Whether the instance reports unhealthy at this moment although it serves."""
        return any(
            now in one.life
            and instance_id in one.fault.instance_ids
            and one.fault.concerns(scale_set_id)
            and one.fault.is_on(image)
            and (now - one.life.start) // one.fault.period % 2 == 0
            for one in self._ailments
            if isinstance(one.fault, Flapping)
        )

    def boot(self, scale_set_id: str, instance_id: str, usual: timedelta) -> timedelta:
        """How long an instance takes to boot that is upgraded now."""
        boot = usual
        for one in self._upgrades:
            fault = one.fault
            if isinstance(fault, SlowBoot) and fault.concerns(scale_set_id):
                named = fault.instance_ids is None or instance_id in fault.instance_ids
                boot = fault.slowed(usual) if named else boot
        return boot

    def upgrade_fails(self, scale_set_id: str, instance_id: str) -> bool:
        """Whether an upgrade of the instance that starts now will fail."""
        return any(
            instance_id in one.fault.instance_ids and one.fault.concerns(scale_set_id)
            for one in self._upgrades
            if isinstance(one.fault, UpgradeFails)
        )

    def strike(self, method: str, path: str) -> AnswerFault | None:
        """The fault that hits this request; every fault it matches counts it."""
        matching = [one for one in self._answers if one.fault.matches(method, path)]
        return next((one.fault for one in matching if _hits(one)), None)

    def mishap(self) -> tuple[int, timedelta]:
        """How often the next event is delivered, and how much later."""
        copies, later = 1, timedelta(0)
        for one in self._deliveries:
            if one.hits < one.fault.times:
                one.hits += 1
                copies += isinstance(one.fault, DuplicateEvents)
                later += one.fault.delay if isinstance(one.fault, DelayEvents) else timedelta(0)
        return copies, later

    def due(self, now: datetime) -> list[tuple[datetime, Event]]:
        """What has happened up to now and was not taken before, in the order it happened."""
        happened = sorted(
            (one for one in self._events if now in one.life), key=lambda one: one.life.start
        )
        self._events = [one for one in self._events if now not in one.life]
        return [(one.life.start, one.fault) for one in happened]


def _hits(standing: _Standing[AnswerFault]) -> bool:
    """Count one matching request; whether the fault hits it."""
    rate = standing.fault.rate
    limit = standing.fault.count or (math.inf if rate else 1)
    if standing.hits >= limit:
        return False
    standing.seen += 1
    share = rate or 1
    hit = math.floor(standing.seen * share) > math.floor((standing.seen - 1) * share)
    standing.hits += hit
    return hit
