"""Reads rollouts from Durable's instances and entities, as users see them."""

from typing import Any

from durable.client import (
    Client,
    OrchestrationInstance,
    find_instance,
    index_lines,
    started_as,
)
from durable.overruled import overruled
from durable.record import read_baseline, read_record
from rollout.base import Phase
from rollout.batch import BatchOrder, BatchStatus
from rollout.inventory import HeatMap, Inventory
from rollout.run import (
    INDEX_KEY,
    ROLL_OUT,
    WAITING_TO_BEGIN,
    Control,
    InstanceRow,
    Progress,
    RolloutDetails,
    RolloutOrder,
    RolloutSummary,
    RolloutView,
    attempts,
    batch_id,
    instance_rows,
    rollback_id,
    with_health,
)


async def find_rollout(client: Client, rollout_id: str) -> RolloutView | None:
    """The rollout as it is now, with the progress of the running batch; None if unknown. Its rows
    have no instance ids: `identified` adds them.
    """
    instance = await started_as(client, rollout_id)
    if instance is None or not is_rollout(instance):
        return None
    view = _view_of(rollout_id, instance)
    rollback = await find_instance(client, rollback_id(rollout_id)) if view.phase.ended else None
    if rollback:
        view = _rolling_back(view, rollback)
    if view.phase.ended or not view.batch:
        return view
    batch = await find_instance(client, batch_id(rollout_id, view.batch))
    if batch and batch.active and batch.custom_status and view.batch_began_at:
        positions = BatchOrder.from_json(batch.input).positions
        return _with_batch(view, BatchStatus.from_json(batch.custom_status), positions)
    return view


def _with_batch(view: RolloutView, status: BatchStatus, positions: list[int]) -> RolloutView:
    """The message of a rollout that does not go on is not the batch's, though that may."""
    shown = view.with_batch(status, positions)
    if view.phase in {Phase.PROGRESSING, Phase.ROLLING_BACK}:
        return shown
    return shown.model_copy(update={"message": view.message})


async def running_as(client: Client, rollout_id: str) -> tuple[str, OrchestrationInstance] | None:
    """The orchestration that the rollout is now, with its id: its rollback, if there is one."""
    for instance_id in (rollback_id(rollout_id), rollout_id):
        instance = await find_instance(client, instance_id)
        if instance and is_rollout(instance):
            return instance_id, instance
    return None


def is_rollout(instance: OrchestrationInstance) -> bool:
    """Whether it is one that the app could have started."""
    return instance.started_with(ROLL_OUT, RolloutOrder) is not None


def published(rollout_id: str, instance: OrchestrationInstance) -> RolloutView:
    """What the orchestration itself has said last."""
    order = RolloutOrder.from_json(instance.input)
    if instance.custom_status:
        return RolloutView.from_status(instance.custom_status, order.request)
    if order.resume and order.resume.started_at:
        began = order.resume.started_at
        return Progress.begun(order, began).view(began)
    return RolloutView.waiting(rollout_id, order.request).model_copy(
        update={"version": order.version}
    )


def _view_of(rollout_id: str, instance: OrchestrationInstance) -> RolloutView:
    view = published(rollout_id, instance)
    tries = attempts(RolloutOrder.from_json(instance.input), view.batch)
    return overruled(view, instance, _TERMINATED, tries)


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
    tries = attempts(RolloutOrder.from_json(rollback.input), view.batch)
    return overruled(waiting, rollback, _TERMINATED, tries)


_TERMINATED = (
    "Terminated through Durable's management API in the middle of its work: look at the instances "
    "before you start again"
)


async def identified(client: Client, view: RolloutView) -> RolloutView:
    """The view with instance ids in its rows, and what is known of their health."""
    if not view.rows:
        return view
    return _identified(view, await read_baseline(client, view.id))


def _identified(view: RolloutView, record: dict[str, Any]) -> RolloutView:
    if not (view.rows and record.get("baseline")):
        return view
    instances = Inventory.unpack(record["baseline"]).instances
    known = view.identified(HeatMap.of(instances, view.policy.batch_by))
    return with_health(known, instances, record["reasons"])


async def detailed(client: Client, view: RolloutView) -> RolloutDetails:
    """The view with what its record tells, ids and healths in its rows among that."""
    record = await read_record(client, view.id)
    return RolloutDetails.of(_identified(view, record), record)


async def list_rollouts(client: Client) -> list[RolloutSummary]:
    """Every rollout, newest first; active ones as they are now."""
    return [await rollout_now(client, line) for line in await listed_rollouts(client)]


async def listed_rollouts(client: Client) -> list[RolloutSummary]:
    """The lines of the list as they were written, newest first."""
    return [RolloutSummary.from_json(line) for line in await index_lines(client, INDEX_KEY)]


async def rollout_now(client: Client, line: RolloutSummary) -> RolloutSummary:
    """The line as it is now."""
    if line.phase.ended:
        return line
    view = await find_rollout(client, line.id)
    return RolloutSummary.of(view) if view else line.vanished()


async def list_instances(client: Client, view: RolloutView) -> list[InstanceRow]:
    """A row per instance of the rollout; none before it has inspected the scale set."""
    record = await read_record(client, view.id)
    if not record.get("baseline"):
        return []
    baseline = Inventory.unpack(record["baseline"])
    return instance_rows(baseline, view, record["reasons"], record["events"])
