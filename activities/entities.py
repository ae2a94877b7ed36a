"""What outlives a rollout's run: its record (baseline and event log) and the list of rollouts.

Both are Durable entities: persistent state without another store. Each operation is applied once,
in the order in which it was sent.
"""

from typing import Any

import azure.durable_functions as df

from activities import telemetry
from rollout.fleet import FleetSummary
from rollout.run import (
    FLEET_INDEX_KEY,
    INDEX_KEY,
    REPAIRS_INDEX_KEY,
    RepairsLine,
    RolloutSummary,
    index_after,
    record_after,
)
from rollout.watch import STANDING_INDEX_KEY, StandingStill

_SUMMARIES: dict[str, type[RolloutSummary | FleetSummary]] = {
    INDEX_KEY: RolloutSummary,
    FLEET_INDEX_KEY: FleetSummary,
}


def keep_record(context: df.DurableEntityContext) -> None:
    """The record of one rollout; its key is the rollout's id. "forget" deletes it."""
    if context.operation_name == "forget":
        context.destruct_on_exit()
        return
    state = context.get_state(dict[str, Any])
    payload = context.get_input()
    context.set_state(record_after(state, context.operation_name, payload))
    if context.operation_name == "event":
        telemetry.log_event(context.entity_key, state["events"] if state else [], payload)


def keep_index(context: df.DurableEntityContext) -> None:
    """The list of rollouts, of fleet rollouts or of followed images, newest last."""
    state = context.get_state(dict[str, Any])
    payload = context.get_input()
    context.set_state(index_after(state, context.operation_name, payload))
    if context.entity_key == STANDING_INDEX_KEY and context.operation_name == "put":
        telemetry.log_standing_still(StandingStill.from_json(payload))
    if context.entity_key == REPAIRS_INDEX_KEY and context.operation_name == "put":
        telemetry.log_repairs(RepairsLine.from_json(payload))
    kind = _SUMMARIES.get(context.entity_key)
    if kind and context.operation_name == "put":
        telemetry.log_end(kind.from_json(payload))
