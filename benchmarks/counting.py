"""What a rollout costs in Durable Functions: invocations, history, storage. `make bench`.

Runs whole rollouts on the local host in skipped time, and counts what the host has written down.
The counts follow from the policy and from how long instances take, so that every run gives the same
ones; docs/cost.md says what to make of them.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

import httpx
from story import NEW, PLATFORM, System

from local import system as local
from local.clock import ManualClock
from local.host.history import EventType
from local.host.store import Store


@dataclass(frozen=True)
class Counts:
    """What one rollout has come to. `turns` are invocations of orchestrators, `signals` messages
    to entities (at most so many invocations of theirs); `events` rows of the history, `kilobytes`
    their JSON.
    """

    instances: int
    batches: int
    minutes: int
    turns: int
    activities: int
    signals: int
    timers: int
    children: int
    events: int
    kilobytes: int
    longest: int
    """The events of the longest history of one orchestration."""
    calls: int
    """To Azure Resource Manager, each page of a list being one."""


def counted(store: Store, rollout: dict[str, Any], calls: int) -> Counts:
    """The counts of the only rollout in that store."""
    histories = [store.history(one.id) for one in store.instances()]
    events = list(chain.from_iterable(histories))
    kinds = Counter(EventType(event["EventType"]) for event in events)
    began, ended = (datetime.fromisoformat(rollout[key]) for key in ("startedAt", "finishedAt"))
    return Counts(
        instances=rollout["counts"]["total"],
        batches=rollout["batches"],
        minutes=round((ended - began).total_seconds() / 60),
        turns=kinds[EventType.ORCHESTRATOR_STARTED],
        activities=kinds[EventType.TASK_SCHEDULED],
        signals=kinds[EventType.EVENT_SENT],
        timers=kinds[EventType.TIMER_CREATED],
        children=kinds[EventType.CHILD_CREATED],
        events=len(events),
        kilobytes=sum(len(json.dumps(event)) for event in events) // 1000,
        longest=max(map(len, histories)),
        calls=calls,
    )


def counts_of(**spec: Any) -> Counts:
    """Rolls such a scale set with the default policy, in a system of its own."""
    clock = ManualClock()
    with (
        TemporaryDirectory() as state,
        local.System(clock, Path(state)) as one,
        httpx.Client(base_url=one.host.url, timeout=60) as api,
        httpx.Client(base_url=one.arm_url, timeout=60) as azure,
    ):
        system = System(api, azure, clock, one.host)
        system.publish(**PLATFORM, version=NEW)
        scale_set = system.scale_set(**spec)
        rollout = system.run(scale_set)
        one.host.wait_idle()
        return counted(one.host.store, rollout, len(system.requests()))


def main() -> None:
    columns = [counts_of(capacity=20), counts_of(capacity=1000)]
    for name in Counts.__dataclass_fields__:
        values = "".join(f"{getattr(column, name):>8,}" for column in columns)
        print(f"{name:<12}{values}")


if __name__ == "__main__":
    main()
