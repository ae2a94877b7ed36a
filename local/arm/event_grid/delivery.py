"""The delivery of one event to one endpoint: its attempts, and what follows from each.

Source: Event Grid's documentation of delivery and retry. It adds a little randomness to each
delay; there is none here.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from local.arm.event_grid.event import Event
from local.arm.event_grid.subscription import SubscriptionSpec

type State = Literal["Pending", "Delivered", "DeadLettered"]

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_BACK_OFF = (
    10 * _SECOND,
    30 * _SECOND,
    1 * _MINUTE,
    5 * _MINUTE,
    10 * _MINUTE,
    30 * _MINUTE,
    1 * _HOUR,
    3 * _HOUR,
    6 * _HOUR,
    12 * _HOUR,
)
_SUCCESS = frozenset({200, 201, 202, 203, 204})
_NEVER_AGAIN = frozenset({400, 403, 413})
_NEVER_AGAIN_WEBHOOK = _NEVER_AGAIN | {401}
_AT_LEAST = {408: 2 * _MINUTE, 503: 30 * _SECOND}
_AT_LEAST_FUNCTION = _AT_LEAST | {401: 5 * _MINUTE, 404: 5 * _MINUTE}


@dataclass(frozen=True)
class Attempt:
    """`status` is None when there was no answer; `answer` what the endpoint said."""

    at: datetime
    status: int | None
    answer: str = ""


@dataclass(eq=False)
class Delivery:
    """An event is delivered at least once; `next_at` is when it is tried (again)."""

    event: Event
    subscription: SubscriptionSpec
    published: datetime
    next_at: datetime
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    state: State = "Pending"
    reason: str = ""
    """Why it was dead-lettered."""

    @property
    def expires(self) -> datetime:
        return self.published + self.subscription.event_time_to_live

    def is_due(self, now: datetime) -> bool:
        return self.state == "Pending" and self.next_at <= now

    def expire(self, now: datetime) -> bool:
        """Give up if it is too old; returns whether it was."""
        if now <= self.expires:
            return False
        self.give_up("TimeToLiveExceeded")
        return True

    def note(self, attempt: Attempt) -> None:
        """What follows from an attempt."""
        self.attempts.append(attempt)
        if attempt.status in _SUCCESS:
            self.state = "Delivered"
        elif attempt.status in never_again(self.subscription):
            self.give_up(f"HTTP {attempt.status} is never tried again")
        elif len(self.attempts) >= self.subscription.max_delivery_attempts:
            self.give_up("MaxDeliveryAttemptsExceeded")
        else:
            self.next_at = attempt.at + self._delay(attempt.status)

    def give_up(self, reason: str) -> None:
        self.state, self.reason = "DeadLettered", reason

    def _delay(self, status: int | None) -> timedelta:
        step = _BACK_OFF[min(len(self.attempts), len(_BACK_OFF)) - 1]
        least = _AT_LEAST_FUNCTION if self.subscription.is_function else _AT_LEAST
        return max(step, least.get(status or 0, step))


def never_again(subscription: SubscriptionSpec) -> frozenset[int]:
    """The answers after which an event is not sent to such an endpoint any more."""
    return _NEVER_AGAIN if subscription.is_function else _NEVER_AGAIN_WEBHOOK
