"""What the API shows of news: who is told, what waits, what was given up, how a test went."""

from collections.abc import Iterable
from typing import Self

from rollout.base import Secret, Shown
from rollout.news.courier import Delivery, GivenUp
from rollout.news.receivers import NewsRules, Only, Receiver, ReceiverKind
from rollout.news.tasks import CourierLine


class ShownReceiver(Shown):
    """A receiver without its address: that may be a secret. `host` is a part of it that is none."""

    name: str
    kind: ReceiverKind
    host: str | None = None
    only: Only = Only()

    @classmethod
    def of(cls, receiver: Receiver) -> Self:
        address = receiver.endpoint or receiver.url
        known = None if address is None or isinstance(address, Secret) else address.split("/")[2]
        return cls(name=receiver.name, kind=receiver.kind, host=known, only=receiver.only)


class NewsReport(Shown):
    """`receivers` are those that the setting ROLLOUT_NEWS names; `waiting` are the couriers whose
    first message was not taken yet; `givenUp` are messages that were a day old, or not taken as
    they were.
    """

    receivers: list[ShownReceiver] = []
    waiting: list[CourierLine] = []
    given_up: list[GivenUp] = []

    @classmethod
    def of(cls, rules: NewsRules, lines: Iterable[CourierLine], lost: Iterable[GivenUp]) -> Self:
        return cls(
            receivers=[ShownReceiver.of(receiver) for receiver in rules.receivers],
            waiting=[line for line in lines if line.open and line.failing],
            given_up=list(lost),
        )


class TestedReceiver(Shown):
    """What came of a test: whether the receiver took it, and if not, why."""

    receiver: str
    delivered: bool
    why: str | None = None

    @classmethod
    def of(cls, receiver: Receiver, delivery: Delivery) -> Self:
        return cls(receiver=receiver.name, delivered=delivery.delivered, why=delivery.why or None)
