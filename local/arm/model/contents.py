"""All that is in a simulated Azure, apart from what only counts or lists what was asked of it."""

from dataclasses import dataclass, field

from local.arm.event_grid import EventGrid
from local.arm.images import Images
from local.arm.model.faults import Faults
from local.arm.model.operation import Operation
from local.arm.model.scale_set import ScaleSet
from local.arm.monitor import Monitor


@dataclass
class Contents:
    """What a state directory keeps, field by field: nothing in it is anywhere else."""

    images: Images = field(default_factory=Images)
    faults: Faults = field(default_factory=Faults)
    event_grid: EventGrid = field(default_factory=EventGrid)
    scale_sets: dict[str, ScaleSet] = field(default_factory=dict[str, ScaleSet])
    operations: dict[str, Operation] = field(default_factory=dict[str, Operation])
    monitor: Monitor = field(default_factory=Monitor)
    changes: int = 0
