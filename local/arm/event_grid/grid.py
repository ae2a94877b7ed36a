"""The simulated Event Grid: who is subscribed, what has happened, what is on its way."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from local.arm.event_grid.delivery import Attempt, Delivery
from local.arm.event_grid.event import Event
from local.arm.event_grid.resource_event import Change, resource_event
from local.arm.event_grid.subscription import SubscriptionSpec

_KEPT = 1000
"""How many deliveries that have ended are remembered: a simulation may run for days."""

type Mishap = Callable[[], tuple[int, timedelta]]


class EventGrid:
    """Time is told it: it has no clock, no threads and no network. Its owner sees to locking.

    `on_change` is called whenever there may be something to deliver.
    """

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._subscriptions: dict[str, SubscriptionSpec] = {}
        self._deliveries: list[Delivery] = []
        self._coming: list[tuple[datetime, int, Event]] = []
        self._count = 0

    @property
    def subscriptions(self) -> list[SubscriptionSpec]:
        return list(self._subscriptions.values())

    def deliveries(self, subscription: str) -> list[Delivery]:
        """Those of a subscription that are on their way, and the latest that have ended."""
        name = subscription.lower()
        return [one for one in self._deliveries if one.subscription.name.lower() == name]

    def subscribe(self, spec: SubscriptionSpec) -> None:
        """From now on; a subscription of that name is replaced."""
        self._subscriptions[spec.name.lower()] = spec

    def unsubscribe(self, name: str) -> bool:
        """End a subscription and what is on its way to it; whether there was one."""
        self._deliveries = [
            one for one in self._deliveries if one.subscription.name.lower() != name.lower()
        ]
        return self._subscriptions.pop(name.lower(), None) is not None

    def tell(self, change: Change, accepted: datetime, ended: datetime) -> None:
        """Announce a change of a resource twice: that it was accepted, and that it has ended."""
        for at, is_end in ((accepted, False), (ended, True)):
            event = resource_event(change, at, self._next_number(), ended=is_end)
            heapq.heappush(self._coming, (at, event.number, event))
        self.on_change()

    def publish(self, topic: str, body: dict[str, object], now: datetime) -> None:
        """Take an event that somebody sent to a custom topic."""
        event = Event(number=self._next_number(), topic=topic, body=body)
        heapq.heappush(self._coming, (now, event.number, event))
        self.on_change()

    def fan_out(self, now: datetime, mishap: Mishap) -> None:
        """Hand what has happened by now to the subscriptions that want it.

        `mishap` says for each how often it is sent, and how much later.
        """
        while self._coming and self._coming[0][0] <= now:
            at, _, event = heapq.heappop(self._coming)
            for spec in self._subscriptions.values():
                if spec.wants(event):
                    copies, later = mishap()
                    self._deliveries += [
                        Delivery(event, spec, at, at + later) for _ in range(copies)
                    ]

    def next_due(self) -> datetime | None:
        """When there is something to do next."""
        pending = [one.next_at for one in self._deliveries if one.state == "Pending"]
        return min([*pending, *(at for at, _, _ in self._coming[:1])], default=None)

    def due(self, now: datetime) -> Delivery | None:
        """The delivery whose turn it is, the earliest first. What is too old is given up."""
        waiting = sorted(
            (one for one in self._deliveries if one.is_due(now)), key=lambda one: one.next_at
        )
        return next((one for one in waiting if not one.expire(now)), None)

    def note(self, delivery: Delivery, attempt: Attempt) -> None:
        """Remember an attempt, and forget deliveries that ended long ago."""
        delivery.note(attempt)
        ended = [one for one in self._deliveries if one.state != "Pending"]
        for one in ended[: max(0, len(ended) - _KEPT)]:
            self._deliveries.remove(one)

    def _next_number(self) -> int:
        self._count += 1
        return self._count
