"""The activities that suspend and resume automatic instance repairs."""

import asyncio

from compute import scale_sets
from compute.waiting import waiting
from durable import Client, events_written, repairs_shown_by, scale_set_held_by
from rollout.base import ArmError, ArmErrorKind, ArmFailure, SettingError
from rollout.batch import Accepted, RepairsState, SetRepairs
from rollout.inventory import ScaleSetId
from rollout.run import RepairsTried, SuspendedRepairs
from rollout.watch import ResumeRepairs

_NOT_YET = "Azure accepted to resume them and has not done so yet"


async def set_repairs_as_ordered(client: Client, task: SetRepairs) -> Accepted:
    """As long as the rollout wants that: delivered once more when it wants the opposite, it does
    nothing. Raises ArmFailure, of kind stale if the order does not stand. Idempotent.
    """
    if task.owner:  # an app before that rule has named nobody
        refuse_outdated(task, await repairs_shown_by(client, task.owner))
    return await asyncio.to_thread(change_repairs, task)


def refuse_outdated(task: SetRepairs, shown: SuspendedRepairs | None) -> None:
    """`shown` is what the rollout says of the repairs. Raises ArmFailure, of kind stale."""
    if shown is None or not shown.wants(task):
        action = f"set automatic repairs to {task.state} on"
        reason = f"{task.owner} does not want that, or not any more"
        raise ArmFailure(ArmError.of_outdated_order(action, str(task.scale_set), reason))


def change_repairs(task: SetRepairs) -> Accepted:
    """Raises ArmFailure."""
    with waiting():
        return Accepted(changed=True, operation=scale_sets.set_repairs(task.scale_set, task.state))


async def resume_repairs(client: Client, task: ResumeRepairs) -> RepairsTried:
    """One try, unless a rollout has the scale set: it is asked for in the same activity, because a
    rollout that begins reads the repairs only after it has the lock. Idempotent.
    """
    events = await events_written(client, task.rollout_id)
    if other := await scale_set_held_by(client, task.scale_set):
        return RepairsTried(held_by=other, events=events)
    tried = await asyncio.to_thread(_try, task.scale_set)
    return tried.model_copy(update={"events": events})


def _try(scale_set: ScaleSetId) -> RepairsTried:
    try:
        with waiting():
            if _resumed(scale_set):
                return RepairsTried(running=True)
    except ArmFailure as failure:
        missing = failure.error.kind is ArmErrorKind.NOT_FOUND
        return RepairsTried(why=str(failure.error), missing=missing)
    except SettingError as error:
        return RepairsTried(why=str(error))
    return RepairsTried(why=_NOT_YET)


def _resumed(scale_set: ScaleSetId) -> bool:
    """Whether Azure says that they are not suspended, before or after it was asked to resume."""
    if scale_sets.read_repairs(scale_set) is not RepairsState.SUSPENDED:
        return True
    scale_sets.set_repairs(scale_set, RepairsState.RUNNING)
    return scale_sets.read_repairs(scale_set) is not RepairsState.SUSPENDED
