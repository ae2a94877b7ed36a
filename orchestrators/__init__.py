"""The orchestrators: deterministic; of our packages, they import only `rollout/`.

They make no decisions themselves: they call pure functions of `rollout/`, schedule activities by
name, and wait with durable timers.
"""

import azure.durable_functions as df

from orchestrators.fleet import roll_out_fleet, roll_out_wave
from orchestrators.follow import follow_image
from orchestrators.lock import hold_lock
from orchestrators.retention import clear_out
from orchestrators.rollout import roll_out, upgrade_batch
from orchestrators.watch import watch

ORCHESTRATORS = (
    hold_lock,
    roll_out,
    upgrade_batch,
    roll_out_fleet,
    roll_out_wave,
    follow_image,
    clear_out,
    watch,
)


def orchestrator_blueprint() -> df.Blueprint:
    """All orchestrators, ready to be registered. The functions themselves remain callable."""
    functions = df.Blueprint()
    for orchestrator in ORCHESTRATORS:
        functions.orchestration_trigger(context_name="context")(orchestrator)
    return functions
