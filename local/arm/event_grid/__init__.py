"""A simulated Event Grid: subscriptions, at-least-once delivery with its retries, custom topics.

`EventGrid` takes changes and knows which events are due; a `Dispatcher` delivers them over HTTP.
"""

from local.arm.event_grid.delivery import Attempt, Delivery
from local.arm.event_grid.dispatcher import Dispatcher
from local.arm.event_grid.grid import EventGrid
from local.arm.event_grid.resource_event import Change, Method
from local.arm.event_grid.subscription import SubscriptionSpec, topic_id

__all__ = [
    "Attempt",
    "Change",
    "Delivery",
    "Dispatcher",
    "EventGrid",
    "Method",
    "SubscriptionSpec",
    "topic_id",
]
