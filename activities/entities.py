"""What outlives a rollout's run: its record, its event log, and the list of rollouts.

All are Durable entities: persistent state without another store. Each operation is applied once,
in the order in which it was sent.
"""

from typing import Any

import azure.durable_functions as df

from activities import telemetry
from rollout.base import packed, unpacked
from rollout.fleet import FleetSummary
from rollout.run import (
    FLEET_INDEX_KEY,
    INDEX_KEY,
    REPAIRS_INDEX_KEY,
    STANDING_INDEX_KEY,
    RepairsLine,
    RolloutSummary,
    State,
    TelemetryContext,
    index_after,
    list_of,
    log_after,
    record_after,
    rollout_of_log,
    waits_again,
)
from rollout.watch import StandingStill

_SUMMARIES: dict[str, type[RolloutSummary | FleetSummary]] = {
    INDEX_KEY: RolloutSummary,
    FLEET_INDEX_KEY: FleetSummary,
}


def keep_record(context: df.DurableEntityContext) -> None:
    """The record of one rollout; its key is the rollout's id. "forget" deletes it."""
    if context.operation_name == "forget":
        context.destruct_on_exit()
        return
    state = record_after(_state(context), context.operation_name, context.get_input())
    context.set_state(packed(state))


def keep_log(context: df.DurableEntityContext) -> None:
    """A part of the event log of a rollout. "forget" deletes it."""
    if context.operation_name == "forget":
        context.destruct_on_exit()
        return
    before, payload = _state(context), context.get_input()
    state = log_after(before, context.operation_name, payload)
    context.set_state(packed(state))
    if context.operation_name == "event":
        _tell(rollout_of_log(context.entity_key), before, state, payload["event"])


def _tell(rollout_id: str, before: State | None, state: State, event: State) -> None:
    """Telemetry hears of a wait once, too."""
    events: list[State] = before["events"] if before else []
    if waits_again(events, event) is None:
        standing = TelemetryContext.from_json(state.get("standing", {}))
        telemetry.log_event(rollout_id, standing.after(events), event)


def keep_index(context: df.DurableEntityContext) -> None:
    """A list, or a shard of one: of rollouts, of fleet rollouts or of followed images."""
    operation, payload = context.operation_name, context.get_input()
    state = index_after(_state(context), operation, payload, context.entity_key)
    context.set_state(packed(state))
    if operation == "put":
        _tell_of_line(list_of(context.entity_key), payload)


def _tell_of_line(index_key: str, line: State) -> None:
    if index_key == STANDING_INDEX_KEY:
        telemetry.log_standing_still(StandingStill.from_json(line))
    if index_key == REPAIRS_INDEX_KEY:
        telemetry.log_repairs(RepairsLine.from_json(line))
    if kind := _SUMMARIES.get(index_key):
        telemetry.log_end(kind.from_json(line))


def _state(context: df.DurableEntityContext) -> State | None:
    return unpacked(context.get_state(dict[str, Any]))
