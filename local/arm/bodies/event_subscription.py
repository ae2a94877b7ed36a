"""Event subscriptions as the simulator's controls show them."""

from collections.abc import Iterable

from local.arm.base import Json, instant
from local.arm.event_grid import Attempt, Delivery, SubscriptionSpec


def subscription_body(spec: SubscriptionSpec, deliveries: Iterable[Delivery]) -> Json:
    """A subscription with everything that was sent to it, the oldest first."""
    declared = spec.model_dump(mode="json", by_alias=True)
    return declared | {"deliveries": [_delivery(delivery) for delivery in deliveries]}


def _delivery(delivery: Delivery) -> Json:
    event = delivery.event
    is_pending = delivery.state == "Pending"
    return {
        "eventId": event.id,
        "eventType": event.type,
        "subject": event.subject,
        "operationName": event.operation,
        "state": delivery.state,
        "reason": delivery.reason,
        "nextAttempt": instant(delivery.next_at) if is_pending else None,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
    }


def _attempt(attempt: Attempt) -> Json:
    return {"at": instant(attempt.at), "status": attempt.status, "answer": attempt.answer}
