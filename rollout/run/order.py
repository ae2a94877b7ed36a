"""What a rollout is started with."""

from rollout.base import Value
from rollout.plan import RolloutRequest
from rollout.run.rollback_request import RollbackRequest


class RolloutOrder(Value):
    """A request with the id under which it runs; `rollback` if it rolls back a rollout that has
    ended. `wave` is the instance id of the wave to notify of its end.
    """

    id: str
    request: RolloutRequest
    rollback: RollbackRequest | None = None
    wave: str | None = None
