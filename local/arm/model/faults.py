"""The declared faults: what they do to instances, answers and scale sets, and since when."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    InstanceStuck,
    InstanceVanishes,
    Rewrite,
    ScaleOut,
    ServerError,
    SlowBoot,
    Throttle,
    UpgradeFails,
)


@dataclass
class _DeclaredFault[F: Fault]:
    """A fault and its lifetime. A cleared fault is kept, because its effects on the past remain."""

    id: str
    fault: F
    life: Interval
    seen: int = 0
    hits: int = 0

    @property
    def left(self) -> int | None:
        """How many more times it can strike; None for as long as it stands."""
        match self.fault:
            case DuplicateEvents() | DelayEvents():
                return self.fault.times - self.hits
            case ForeignWrite() | InstanceVanishes() | InstanceStops() | ScaleOut():
                return 1
            case BadImage() | Flapping() | SlowBoot() | UpgradeFails() | InstanceStuck():
                return None
            case _:
                limit = _limit(self.fault)
                return None if limit is None else limit - self.hits


type _OfHealth = _DeclaredFault[BadImage | Flapping]
type _OfUpgrades = _DeclaredFault[SlowBoot | UpgradeFails]
type _OfState = _DeclaredFault[InstanceStuck]
type _OfAnswers = _DeclaredFault[AnswerFault]
type _OfOthers = _DeclaredFault[Event]
type _OfDeliveries = _DeclaredFault[EventFault]


@dataclass(frozen=True)
class ActiveFault:
    """A fault that acts, or will, as somebody sees it who asks."""

    id: str
    fault: Fault
    since: datetime
    """When it was declared; of what somebody else does, when it is to happen."""
    hits: int
    """How many requests or events it has hit."""
    left: int | None
    """How many more it will hit; None for no limit."""


@dataclass
class Faults:
    """All faults ever declared, by what they act on."""

    _health_faults: list[_OfHealth] = field(default_factory=list[_OfHealth])
    _upgrades: list[_OfUpgrades] = field(default_factory=list[_OfUpgrades])
    _stuck: list[_OfState] = field(default_factory=list[_OfState])
    _answers: list[_OfAnswers] = field(default_factory=list[_OfAnswers])
    _events: list[_OfOthers] = field(default_factory=list[_OfOthers])
    _deliveries: list[_OfDeliveries] = field(default_factory=list[_OfDeliveries])
    _count: int = 0

    def declare(self, fault: Fault, now: datetime) -> str:
        """Begin a fault; returns its id."""
        self._count += 1
        name, life = f"fault-{self._count}", Interval(now)
        match fault:
            case BadImage() | Flapping():
                self._health_faults.append(_DeclaredFault(name, fault, life))
            case SlowBoot() | UpgradeFails():
                self._upgrades.append(_DeclaredFault(name, fault, life))
            case InstanceStuck():
                self._stuck.append(_DeclaredFault(name, fault, Interval(now + fault.after)))
            case Throttle() | ServerError() | Denied() | DropConnection() | Conflict() | Rewrite():
                self._answers.append(_DeclaredFault(name, fault, life))
            case ForeignWrite() | InstanceVanishes() | InstanceStops() | ScaleOut():
                self._events.append(_DeclaredFault(name, fault, Interval(now + fault.after)))
            case DuplicateEvents() | DelayEvents():
                self._deliveries.append(_DeclaredFault(name, fault, life))
        return name

    @property
    def _groups(self):  # noqa: ANN202 - lists of different faults
        """All but the faults of health: of those the past counts as well, so they stay."""
        return self._upgrades, self._stuck, self._answers, self._events, self._deliveries

    def active(self, now: datetime) -> list[ActiveFault]:
        """Those that act now or will; what is used up, has happened or was ended is left out."""
        acting = [declared for declared in self._health_faults if now in declared.life]
        rest = (declared for group in self._groups for declared in group)
        return [
            ActiveFault(each.id, each.fault, each.life.start, each.hits, each.left)
            for each in sorted((*acting, *rest), key=lambda each: _number(each.id))
            if each.left != 0
        ]

    def end(self, name: str, now: datetime) -> bool:
        """End the fault of that id, if it is active; returns whether it was."""
        if all(fault.id != name for fault in self.active(now)):
            return False
        for declared in self._health_faults:
            if declared.id == name:
                declared.life = Interval(declared.life.start, now)
        for group in self._groups:
            names = [declared.id for declared in group]
            if name in names:
                del group[names.index(name)]
        return True

    def clear(self, now: datetime) -> None:
        """End all faults; what has not happened yet will not."""
        for declared in self._health_faults:
            declared.life = Interval(declared.life.start, min(declared.life.end, now))
        for group in self._groups:
            group.clear()

    def unhealthy_intervals(self, scale_set_id: str, deployed: Deployment) -> Iterator[Interval]:
        """When an instance is unhealthy because of the image that was deployed to it."""
        for declared in self._health_faults:
            fault = declared.fault
            if not isinstance(fault, BadImage) or not fault.concerns(scale_set_id):
                continue
            if fault.is_on(deployed.image):
                begin = deployed.end if fault.after is None else deployed.ready + fault.after
                yield Interval(begin).within(declared.life)

    def is_flapping(self, scale_set_id: str, instance_id: str, image: Image, now: datetime) -> bool:
        """Whether the instance reports unhealthy at this moment although it works."""
        return any(
            now in declared.life
            and instance_id in declared.fault.instance_ids
            and declared.fault.concerns(scale_set_id)
            and declared.fault.is_on(image)
            and (now - declared.life.start) // declared.fault.period % 2 == 0
            for declared in self._health_faults
            if isinstance(declared.fault, Flapping)
        )

    def stuck(
        self, scale_set_id: str, instance_id: str, now: datetime
    ) -> tuple[str, datetime] | None:
        """The state in which the instance is stuck at this moment, and since when."""
        return next(
            (
                (declared.fault.state, declared.life.start)
                for declared in reversed(self._stuck)
                if now in declared.life
                and instance_id in declared.fault.instance_ids
                and declared.fault.concerns(scale_set_id)
            ),
            None,
        )

    def boot(self, scale_set_id: str, instance_id: str, usual: timedelta) -> timedelta:
        """How long an instance that is upgraded now takes to boot."""
        boot = usual
        for declared in self._upgrades:
            fault = declared.fault
            if isinstance(fault, SlowBoot) and fault.concerns(scale_set_id):
                named = fault.instance_ids is None or instance_id in fault.instance_ids
                boot = fault.slowed(usual) if named else boot
        return boot

    def upgrade_fails(self, scale_set_id: str, instance_id: str) -> bool:
        """Whether an upgrade of the instance that starts now will fail."""
        return any(
            instance_id in declared.fault.instance_ids and declared.fault.concerns(scale_set_id)
            for declared in self._upgrades
            if isinstance(declared.fault, UpgradeFails)
        )

    @property
    def count_answers(self) -> bool:
        """Whether there are any that count the requests."""
        return any(declared.left != 0 for declared in self._answers)

    def answer_fault(self, method: str, path: str) -> AnswerFault | None:
        """The fault that hits this request; every fault it matches counts it."""
        matching = [declared for declared in self._answers if declared.fault.matches(method, path)]
        return next((declared.fault for declared in matching if _hits(declared)), None)

    def delivery_fault(self) -> tuple[int, timedelta]:
        """How often the next event is delivered, and with which delay."""
        copies, later = 1, timedelta(0)
        for declared in self._deliveries:
            if declared.hits < declared.fault.times:
                declared.hits += 1
                copies += isinstance(declared.fault, DuplicateEvents)
                later += (
                    declared.fault.delay
                    if isinstance(declared.fault, DelayEvents)
                    else timedelta(0)
                )
        return copies, later

    def due(self, now: datetime) -> list[tuple[datetime, Event]]:
        """What has happened up to now and was not returned before, in the order it happened."""
        happened = sorted(
            (declared for declared in self._events if now in declared.life),
            key=lambda declared: declared.life.start,
        )
        self._events = [declared for declared in self._events if now not in declared.life]
        return [(declared.life.start, declared.fault) for declared in happened]


def _number(name: str) -> int:
    return int(name.removeprefix("fault-"))


def _limit(fault: AnswerFault) -> int | None:
    """How many requests it hits at most."""
    return fault.count or (None if fault.rate else 1)


def _hits(declared: _DeclaredFault[AnswerFault]) -> bool:
    """Count one matching request; whether the fault hits it."""
    rate = declared.fault.rate
    if declared.left == 0:
        return False
    declared.seen += 1
    if declared.seen <= declared.fault.skip:
        return False
    seen, share = declared.seen - declared.fault.skip, rate or 1
    hit = math.floor(seen * share) > math.floor((seen - 1) * share)
    declared.hits += hit
    return hit
