"""From Durable's instances and entities to what people see."""

from typing import Any

from hub.durable import Client, Instance, entity_state, find_instance
from rollout.control import Control
from rollout.fleet import Fleet
from rollout.instance_row import InstanceRow, instance_rows
from rollout.names import ROLL_OUT, batch_id, rollback_id
from rollout.order import RolloutOrder
from rollout.phase import Phase
from rollout.record import INDEX_ENTITY, INDEX_KEY, RECORD_ENTITY, Summary
from rollout.upgrade import BatchStatus
from rollout.view import RolloutView


async def find_rollout(client: Client, rollout_id: str) -> RolloutView | None:
    """The rollout as it is now, with the progress of the batch that is running; None if unknown."""
    instance = await find_instance(client, rollout_id)
    if instance is None or instance.name != ROLL_OUT:
        return None
    view = _view_of(rollout_id, instance)
    if view.phase.ended and (back := await find_instance(client, rollback_id(rollout_id))):
        begun = bool(back.custom_status)
        view = _view_of(rollout_id, back) if begun else _overruled(_about_to_go_back(view), back)
    if view.phase.ended or not view.batch:
        return view
    batch = await find_instance(client, batch_id(rollout_id, view.batch))
    if batch and batch.active and batch.custom_status:
        return view.with_batch(BatchStatus.from_json(batch.custom_status))
    return view


def _view_of(rollout_id: str, instance: Instance) -> RolloutView:
    request = RolloutOrder.from_json(instance.input).request
    if instance.custom_status:
        view = RolloutView.from_status(instance.custom_status, request)
    else:
        view = RolloutView.waiting(rollout_id, request)
    return view if view.phase.ended else _overruled(view, instance)


def _about_to_go_back(view: RolloutView) -> RolloutView:
    """What is known of the way there stays known while the way back has not begun."""
    return view.model_copy(
        update={
            "phase": Phase.ROLLING_BACK,
            "message": "Waiting to begin",
            "verbs": Control().verbs(Phase.ROLLING_BACK),
            "finished_at": None,
        }
    )


def _overruled(view: RolloutView, instance: Instance) -> RolloutView:
    return view.model_copy(update=_OVERRULED.get(instance.status, {}))


_OVERRULED: dict[str, dict[str, Any]] = {
    "Suspended": {
        "phase": Phase.PAUSED,
        "verbs": [],
        "message": "Suspended through Durable's management API: resume it there",
    },
    "Terminated": {
        "phase": Phase.ABORTED,
        "verbs": [],
        "message": "Terminated through Durable's management API in the middle of its work: look "
        "at the instances before you start again",
    },
    "Failed": {
        "phase": Phase.FAILED,
        "verbs": [],
        "message": "The orchestration itself failed: see the output of its Durable instance",
    },
}


async def list_rollouts(client: Client) -> list[Summary]:
    """Every rollout, newest first; those that still run as they are now."""
    state: dict[str, Any] = await entity_state(client, INDEX_ENTITY, INDEX_KEY) or {}
    summaries = [Summary.from_json(one) for one in reversed(state.values())]
    return [await _now(client, one) for one in summaries]


async def _now(client: Client, summary: Summary) -> Summary:
    if summary.phase.ended:
        return summary
    view = await find_rollout(client, summary.id)
    return Summary.of(view) if view else summary


async def list_instances(client: Client, view: RolloutView) -> list[InstanceRow]:
    """A row per instance the rollout is about; none before it has inspected the scale set."""
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, view.id) or {}
    if not record.get("baseline"):
        return []
    return instance_rows(Fleet.unpack(record["baseline"]), view, record["reasons"])


async def list_events(client: Client, rollout_id: str) -> list[dict[str, Any]]:
    """The event log, oldest first."""
    record: dict[str, Any] = await entity_state(client, RECORD_ENTITY, rollout_id) or {}
    return record.get("events", [])
