"""The simulated Event Grid: its subscriptions, the events to come, the deliveries under way."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local.arm.event_grid.delivery import Attempt, Delivery
from local.arm.event_grid.event import Event
from local.arm.event_grid.resource_event import Change, resource_event
from local.arm.event_grid.subscription import SubscriptionSpec

_KEPT = 1000
"""How many deliveries that have ended are remembered: a simulation may run for days."""

type _Coming = tuple[datetime, int, Event]
"""When it happens, its number, and what."""

type DeliveryFault = Callable[[], tuple[int, timedelta]]


@dataclass
class EventGrid:
    """It is given the time: it has no clock, no threads and no network. Its owner does the locking.

    `on_change` is called whenever there may be something to deliver.
    """

    _subscriptions: dict[str, SubscriptionSpec] = field(default_factory=dict[str, SubscriptionSpec])
    _deliveries: list[Delivery] = field(default_factory=list[Delivery])
    _coming: list[_Coming] = field(default_factory=list[_Coming])
    _count: int = 0

    def __post_init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None

    @property
    def subscriptions(self) -> list[SubscriptionSpec]:
        return list(self._subscriptions.values())

    def deliveries(self, subscription: str) -> list[Delivery]:
        """Those of a subscription that are under way, and the latest that have ended."""
        name = subscription.lower()
        return [
            delivery for delivery in self._deliveries if delivery.subscription.name.lower() == name
        ]

    def subscribe(self, spec: SubscriptionSpec) -> None:
        """From now on; a subscription of that name is replaced, and gets what is under way."""
        self._subscriptions[spec.name.lower()] = spec
        for delivery in self.deliveries(spec.name):
            if delivery.state == "Pending":
                delivery.subscription = spec

    def unsubscribe(self, name: str) -> bool:
        """End a subscription and its deliveries; returns whether there was one."""
        self._deliveries = [
            delivery
            for delivery in self._deliveries
            if delivery.subscription.name.lower() != name.lower()
        ]
        return self._subscriptions.pop(name.lower(), None) is not None

    def publish_change(self, change: Change, accepted: datetime, ended: datetime) -> None:
        """Publish a change of a resource twice: when it is accepted, and when it has ended."""
        for at, is_end in ((accepted, False), (ended, True)):
            event = resource_event(change, at, self._next_number(), ended=is_end)
            heapq.heappush(self._coming, (at, event.number, event))
        self.on_change()

    def publish(self, topic: str, body: dict[str, object], now: datetime) -> None:
        """Take an event that somebody sent to a custom topic."""
        event = Event(number=self._next_number(), topic=topic, body=body)
        heapq.heappush(self._coming, (now, event.number, event))
        self.on_change()

    def fan_out(self, now: datetime, delivery_fault: DeliveryFault) -> bool:
        """Pass on what has happened by now to the subscriptions that want it, and give up what is
        too old when its turn comes; returns whether there was any of that.

        `delivery_fault` gives for each how often it is sent, and how much later.
        """
        before = len(self._coming)
        while self._coming and self._coming[0][0] <= now:
            at, _, event = heapq.heappop(self._coming)
            for spec in self._subscriptions.values():
                if spec.wants(event):
                    copies, later = delivery_fault()
                    self._deliveries += [
                        Delivery(event, spec, at, at + later) for _ in range(copies)
                    ]
        expired = [each for each in self._deliveries if each.is_due(now) and each.expire(now)]
        return bool(expired) or len(self._coming) < before

    def next_due(self) -> datetime | None:
        """When there is something to do next."""
        pending = [delivery.next_at for delivery in self._deliveries if delivery.state == "Pending"]
        return min([*pending, *(at for at, _, _ in self._coming[:1])], default=None)

    def due(self, now: datetime) -> Delivery | None:
        """The next delivery, the earliest first."""
        waiting = (delivery for delivery in self._deliveries if delivery.is_due(now))
        return min(waiting, key=lambda delivery: delivery.next_at, default=None)

    def note(self, delivery: Delivery, attempt: Attempt) -> None:
        """Record an attempt, and drop deliveries that ended long ago."""
        delivery.note(attempt)
        ended = [each for each in self._deliveries if each.state != "Pending"]
        for old in ended[: max(0, len(ended) - _KEPT)]:
            self._deliveries.remove(old)

    def _next_number(self) -> int:
        self._count += 1
        return self._count
