"""What is to be rehearsed."""

from datetime import datetime, timedelta
from pathlib import Path

from local.arm.base import Declared, Duration, Json
from local.arm.images import ImageReference
from local.arm.model import Fault, ScaleSetSpec, fault_from_json

_CALLS = {"gates", "hooks"}
"""The fields of a policy that name whom to call."""


class Misfortune(Declared):
    """A fault as the simulated Azure declares it, and how long after the start it begins. One that
    is about the new image need not name it.
    """

    fault: Json
    at: Duration = timedelta(0)

    def against(self, target: str) -> Fault:
        """The fault itself; `target` is what the simulated Azure calls the new image. Raises
        pydantic.ValidationError.
        """
        named = self.fault.keys() & {"version", "id", "uri"}
        about_image = self.fault.get("kind") in {"badImage", "flapping"}
        return fault_from_json(self.fault | ({"id": target} if about_image and not named else {}))


class Order(Declared):
    """A scale set as it is now, a request for a rollout of it, and what goes wrong."""

    scale_set: ScaleSetSpec
    target: ImageReference
    """The image to roll to, with its version."""
    request: Json
    """The body of POST /rollouts, but for the scale set."""
    faults: tuple[Misfortune, ...] = ()
    begins: datetime
    """The simulated time at the start."""
    approve: bool = False
    """Whether approvals are given as soon as they are asked for."""
    keep_waiting: bool = False
    """Whether to go on where the rollout waits for somebody who never comes."""
    watched: bool = True
    """Whether somebody wants to see how far it is."""
    state: Path
    """An empty directory of its own."""

    @property
    def own_request(self) -> Json:
        """Without gates and hooks: behind their addresses are real things, which a rehearsal must
        not drain, begin, or count on.
        """
        policy: Json = self.request.get("policy", {})
        kept = {name: value for name, value in policy.items() if name not in _CALLS}
        return {**self.request, "policy": kept}
