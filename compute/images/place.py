"""From where an image is looked up: the subscription and the region of a scale set."""

from typing import Protocol

from rollout.inventory import ScaleSetId


class ImagePlace(Protocol):
    """A scale set, or its line in a list."""

    @property
    def id(self) -> ScaleSetId: ...

    @property
    def location(self) -> str: ...
