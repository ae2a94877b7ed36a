"""What a look at 1,000 instances costs: ten pages, decoded and understood."""

import sys
from pathlib import Path
from statistics import median
from time import thread_time

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks.figure import Figure
from benchmarks.rolling import world
from compute.instances import InstanceReader
from rollout.inventory import ScaleSetId

_ROUNDS = 9


def figures() -> list[Figure]:
    """CPU of the thread that reads; the simulated Azure answers on another."""
    with world() as (system, _):
        scale_set = ScaleSetId.parse(system.scale_set(capacity=1000, pageSize=100))
        reader = InstanceReader(scale_set, "auto", flexible=False)
        reader.all()
        milliseconds = 1000 * median(_seconds(reader) for _ in range(_ROUNDS))
    return [Figure("CPU of a look at 1,000 instances, 10 pages", milliseconds, "ms", first=161)]


def _seconds(reader: InstanceReader) -> float:
    began = thread_time()
    reader.all()
    return thread_time() - began
