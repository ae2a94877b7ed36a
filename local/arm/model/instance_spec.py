"""An instance that is there from the start as it is said: for copies of what exists."""

from typing import Literal

from pydantic import Field

from local.arm.base import Declared
from local.arm.images import ImageReference


class InstanceSpec(Declared):
    """Where an instance is, what runs on it, and how it is."""

    instance_id: str = Field(min_length=1)
    update_domain: int | None = Field(default=None, ge=0)
    fault_domain: int = Field(default=0, ge=0)
    zone: str | None = None
    placement_group: str | None = None
    image: ImageReference | None = None
    """None: that of the model. It is published if it is not yet."""
    health: Literal["healthy", "unhealthy", "unknown", "initializing"] = "healthy"
    """Until it is upgraded."""
    power: Literal["running", "stopped", "deallocated"] = "running"
    failed: bool = False
    """Whether its provisioning has failed before anything begins."""
    protected: bool = False
    latest_model: bool = True
    """Whether it has all of the model."""
