"""What a rollout costs in Durable Functions: invocations, history, storage. `make bench`.

Runs whole rollouts on the local host in skipped time, and counts what the host has written down.
The counts follow from the policy and from how long instances take, so that every run gives the same
ones; docs/cost.md says what to make of them.
"""

import json
import sys
from collections import Counter
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks.rolling import world
from local.host.replay.history import EventType
from local.host.store.store import Store

type Counts = dict[str, int]


def counted(store: Store, rollout: dict[str, Any], calls: int) -> Counts:
    """What the only rollout in that store has come to, under the names that docs/cost.md uses."""
    histories = [store.history(one.id) for one in store.instances()]
    events = list(chain.from_iterable(histories))
    kinds = Counter(EventType(event["EventType"]) for event in events)
    names = Counter(event.get("Name") for event in events)
    began, ended = (datetime.fromisoformat(rollout[key]) for key in ("startedAt", "finishedAt"))
    return {
        "instances": rollout["counts"]["total"],
        "batches": rollout["batches"],
        "looks": names["observe_batch"],
        "minutes": round((ended - began).total_seconds() / 60),
        "turns of orchestrators": kinds[EventType.ORCHESTRATOR_STARTED],
        "activities": kinds[EventType.TASK_SCHEDULED],
        "messages to entities": kinds[EventType.EVENT_SENT],
        "timers": kinds[EventType.TIMER_CREATED],
        "sub-orchestrations": kinds[EventType.CHILD_CREATED],
        "rows of history": len(events),
        "longest history": max(map(len, histories)),
        "history, KB": sum(len(json.dumps(event)) for event in events) // 1000,
        "ARM requests": calls,
    }


def counts_of(**spec: Any) -> Counts:
    """Rolls such a scale set with the default policy, in a system of its own."""
    with world() as (system, _):
        rollout = system.run(system.scale_set(**spec))
        system.host.wait_idle()
        return counted(system.host.store, rollout, len(system.requests()))


def row(name: str, counts: list[Counts]) -> str:
    """A row of the table in docs/cost.md."""
    return f"| {name} | {' | '.join(f'{one[name]:,}' for one in counts)} |"


def main() -> None:
    counts = [counts_of(capacity=20), counts_of(capacity=1000)]
    for name in counts[0]:
        print(row(name, counts))


if __name__ == "__main__":
    main()
