"""What a rollout is started with."""

from rollout.back import Back
from rollout.request import RolloutRequest
from rollout.value import Value


class RolloutOrder(Value):
    """A request with the id under which it runs; `back` when a rollout that has ended is to be
    rolled back. `wave` is the instance id of the wave that wants to know when it has ended.
    """

    id: str
    request: RolloutRequest
    back: Back | None = None
    wave: str | None = None
