"""Reads rollouts from Durable's instances and entities, as users see them."""

from typing import Any

from durable.client import Client, OrchestrationInstance, entity_state, find_instance
from durable.overruled import overruled
from rollout.base import Phase
from rollout.batch import BatchOrder, BatchStatus
from rollout.inventory import HeatMap, Inventory
from rollout.run import (
    INDEX_ENTITY,
    INDEX_KEY,
    RECORD_ENTITY,
    ROLL_OUT,
    WAITING_TO_BEGIN,
    Control,
    InstanceRow,
    RolloutOrder,
    RolloutSummary,
    RolloutView,
    batch_id,
    instance_rows,
    rollback_id,
)


async def find_rollout(client: Client, rollout_id: str) -> RolloutView | None:
    """The rollout as it is now, with the progress of the running batch; None if unknown. Its rows
    have no instance ids: `identified` adds them.
    """
    instance = await find_instance(client, rollout_id)
    if instance is None or instance.name != ROLL_OUT:
        return None
    view = _view_of(rollout_id, instance)
    rollback = await find_instance(client, rollback_id(rollout_id)) if view.phase.ended else None
    if rollback:
        view = _rolling_back(view, rollback)
    if view.phase.ended or not view.batch:
        return view
    batch = await find_instance(client, batch_id(rollout_id, view.batch))
    if batch and batch.active and batch.custom_status:
        positions = BatchOrder.from_json(batch.input).positions
        return view.with_batch(BatchStatus.from_json(batch.custom_status), positions)
    return view


def _view_of(rollout_id: str, instance: OrchestrationInstance) -> RolloutView:
    request = RolloutOrder.from_json(instance.input).request
    if instance.custom_status:
        view = RolloutView.from_status(instance.custom_status, request)
    else:
        view = RolloutView.waiting(rollout_id, request)
    return overruled(view, instance, _TERMINATED)


def _rolling_back(view: RolloutView, rollback: OrchestrationInstance) -> RolloutView:
    """Until the rollback has begun, the view of the forward rollout remains valid."""
    if rollback.custom_status:
        return _view_of(view.id, rollback)
    waiting = view.model_copy(
        update={
            "phase": Phase.ROLLING_BACK,
            "message": WAITING_TO_BEGIN,
            "verbs": Control().verbs(Phase.ROLLING_BACK),
            "finished_at": None,
        }
    )
    return overruled(waiting, rollback, _TERMINATED)


_TERMINATED = (
    "Terminated through Durable's management API in the middle of its work: look at the instances "
    "before you start again"
)


async def identified(client: Client, view: RolloutView) -> RolloutView:
    """The view with instance ids in its rows."""
    if not view.rows:
        return view
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, view.id) or {}
    if not record.get("baseline"):
        return view
    instances = Inventory.unpack(record["baseline"]).instances
    return view.identified(HeatMap.of(instances, view.policy.batch_by))


async def list_rollouts(client: Client) -> list[RolloutSummary]:
    """Every rollout, newest first; active ones as they are now."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, INDEX_KEY) or {}
    summaries = [RolloutSummary.from_json(line) for line in reversed(state.values())]
    return [await _now(client, summary) for summary in summaries]


async def _now(client: Client, summary: RolloutSummary) -> RolloutSummary:
    if summary.phase.ended:
        return summary
    view = await find_rollout(client, summary.id)
    return RolloutSummary.of(view) if view else summary


async def list_instances(client: Client, view: RolloutView) -> list[InstanceRow]:
    """A row per instance of the rollout; none before it has inspected the scale set."""
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, view.id) or {}
    if not record.get("baseline"):
        return []
    return instance_rows(Inventory.unpack(record["baseline"]), view, record["reasons"])


async def list_events(client: Client, rollout_id: str) -> list[dict[str, Any]]:
    """The event log, oldest first."""
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, rollout_id) or {}
    return record.get("events", [])
