"""How many of a rollout's calls Azure's token buckets would have refused. Refused calls slow nobody
down here, so that the number says how far beyond the budget the calls are.
"""

from collections import Counter
from collections.abc import Iterable

from local.arm.model.buckets import Buckets
from local.arm.model.request_log import Served


def refused(served: Iterable[Served]) -> dict[str, int]:
    """How many of these calls find their bucket empty, by its name."""
    buckets, found = Buckets(), Counter[str]()
    for call in served:
        taken = buckets.take(call.method, call.path, call.at)
        if taken and taken.wait:
            found[taken.bucket] += 1
    return dict(found)
