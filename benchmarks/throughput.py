"""How much the local host gets done for its CPU, and 200 rollouts at once."""

import sys
from pathlib import Path
from time import process_time

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/support")]

from benchmarks.figure import Figure
from benchmarks.rolling import PATIENCE, world
from local.host.replay.history import EventType

_AT_ONCE = 200


def figures() -> list[Figure]:
    """Everything is in this process: the app, the local host and the simulated Azure."""
    with world() as (system, azure):
        scale_sets = system.small(_AT_ONCE)
        began = process_time()
        started = [system.start(scale_set).json()["id"] for scale_set in scale_sets]
        with system.host.skipping():
            system.host.wait_idle(PATIENCE)
        took = process_time() - began
        ended = sum(system.view(rollout)["phase"] == "Succeeded" for rollout in started)
        violations = sum(len(truth["violations"]) for truth in azure.truths())
        store = system.host.store
        activities = sum(
            event["EventType"] == EventType.TASK_SCHEDULED
            for instance in store.instances()
            for event in store.history(instance.id)
        )
    return [
        Figure("200 rollouts at once: succeeded", ended, "rollouts", 200, better="higher"),
        Figure("200 rollouts at once: violations of safety", violations, "violations", 0),
        Figure("activities per CPU second", activities / took, "1/s", None, 78, "higher"),
    ]
