"""The story: the order of things. Deterministic; of ours, it knows only `rollout/`.

Orchestrators decide nothing by themselves: they ask pure functions of `rollout/`, name the
activities that act, and wait with durable timers.
"""

import azure.durable_functions as df

from orchestrators.batch import upgrade_batch
from orchestrators.fleet import roll_out_fleet
from orchestrators.follow import follow_image
from orchestrators.holder import hold_scale_set
from orchestrators.retention import clear_out
from orchestrators.rollout import roll_out
from orchestrators.wave import roll_out_wave

ORCHESTRATORS = (
    hold_scale_set,
    roll_out,
    upgrade_batch,
    roll_out_fleet,
    roll_out_wave,
    follow_image,
    clear_out,
)


def blueprint() -> df.Blueprint:
    """All orchestrators, ready to be registered. The functions stay callable as they are."""
    functions = df.Blueprint()
    for orchestrator in ORCHESTRATORS:
        functions.orchestration_trigger(context_name="context")(orchestrator)
    return functions
