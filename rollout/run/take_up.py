"""A rollout that broke off is taken up: what the next orchestration is started with."""

from typing import Any

from rollout.base import ORCHESTRATION_VERSION, Cell, EventKind, Phase
from rollout.batch import BatchOrder, Model
from rollout.plan import Batch, was_given_up
from rollout.run.command import Command
from rollout.run.control import Control
from rollout.run.earlier import Resumption, RollbackRequest
from rollout.run.handover import NOTHING_RECEIVED, HasControl, Received
from rollout.run.log import State
from rollout.run.order import RolloutOrder
from rollout.run.progress_view import ProgressView
from rollout.run.record import (
    events_since_start,
    last_position,
    left_behind_by,
    model_was_set,
)
from rollout.run.verb import Verb
from rollout.run.view import RolloutView

MOST_ATTEMPTS = 3
"""How often a rollout is taken up by itself without a further batch; after that, an operator has to
look at it.
"""
_ROLLING_BACK = "Rolling back. "


def taken_up(
    order: RolloutOrder,
    view: RolloutView,
    record: State | None,
    last: BatchOrder | None,
    reason: str,
    command: Command | None = None,
    received: Received = NOTHING_RECEIVED,
) -> RolloutOrder:
    """The order with which a rollout goes on that broke off for that reason. `view` is the last one
    that it published, `last` its last batch, `command` an operator's retry, abort or rollback, and
    `received` is what had reached it.
    """
    events = _events(record)
    rolling_back = rolling_back_because(view, record)
    control = control_left(order.resume or order, view, received, rolling_back=bool(rolling_back))
    resume = Resumption(
        **earlier(view, record, last),
        attempt=attempts(order, view.batch) + 1,
        reason=reason,
        control=control_after(control, command),
        rolling_back=rolling_back,
        sent_back=_sent_back_by(record) if rolling_back else [],
        approved=any(event["kind"] == EventKind.APPROVED for event in events),
        asked_by=command and command.caller,
        answers=received.answers_left(
            order.resume.answers if order.resume else [], view.updated_at and view.questions
        ),
    )
    own = {"resume": resume, "version": ORCHESTRATION_VERSION}
    return order.begun.model_copy(update=own)


def sent_back(
    order: RolloutOrder,
    view: RolloutView,
    record: State | None,
    last: BatchOrder | None,
    command: Command,
) -> RolloutOrder:
    """The order with which a rollout that has ended is rolled back."""
    rollback = RollbackRequest(**earlier(view, record, last), command=command)
    own = {"rollback": rollback, "resume": None, "version": ORCHESTRATION_VERSION}
    return order.begun.model_copy(update=own)


def last_batch_by_log(
    order: RolloutOrder, view: RolloutView, record: State | None
) -> BatchOrder | None:
    """Its last batch, if Durable has nothing of it any more: all of it may have been sent, and what
    was not waits for its window.
    """
    events = events_since_start(record)
    begun = [each["evidence"] for each in events if each["kind"] == EventKind.BATCH_STARTED]
    models = [each["evidence"] for each in events if each["kind"] == EventKind.MODEL_SET]
    mine = [evidence for evidence in begun if evidence["number"] == view.batch]
    if not (mine and models and view.started_at):
        return None
    batch, policy = Batch.from_json(mine[-1]), order.request.policy
    back, began = rolling_back_because(view, record), view.batch_began_at or view.started_at
    return BatchOrder(
        rollout_id=order.id,
        owner=order.instance_id,
        scale_set=order.request.scale_set,
        batch=batch,
        batches=view.batches,
        model=Model.from_json(models[-1]),
        policy=policy,
        baseline_unhealthy=[],
        not_after=(began if back else view.started_at) + policy.deadline,
        cells=Cell.PENDING.value * len(batch.instance_ids),
        done=Cell.ROLLED_BACK if back else Cell.DONE,
        begin_by=None if back or order.held_by.empty else began,
    ).maybe_sent()


def attempts(order: RolloutOrder, batch: int) -> int:
    """How often it was taken up since it began that batch."""
    resume = order.resume
    return resume.attempt if resume and batch <= resume.batch + 1 else 0


def earlier(view: RolloutView, record: State | None, last: BatchOrder | None) -> dict[str, Any]:
    """The fields of an Earlier, by name."""
    reasons: dict[str, str] = (record or {}).get("reasons", {})
    left = left_behind_by(record)
    return {
        "image": view.image,
        "batch": view.batch,
        "baseline": (record or {}).get("baseline"),
        "rows": view.rows,
        "given_up": [key for key, reason in reasons.items() if was_given_up(reason)],
        "reasons": reasons,
        "started_at": view.started_at,
        "model_set": model_was_set(record),
        "repairs_suspended": left.repairs_suspended,
        "repairs_since": left.repairs_since,
        "last": last,
        "events": last_position(record),
        "owed": left.owed,
        "under_way": view.batch_began_at is not None,
    }


def _sent_back_by(record: State | None) -> list[str]:
    """The instances that the last way back in its log has sent."""
    back, sent = False, list[str]()
    for each in events_since_start(record):
        match each["kind"]:
            case EventKind.FINISHED:
                back, sent = False, []
            case EventKind.ROLLING_BACK:
                back = True
            case EventKind.UPGRADE_SENT if back:
                sent += each["evidence"]["instanceIds"]
            case _:
                pass
    return list(dict.fromkeys(sent))


def _events(record: State | None) -> list[State]:
    events: list[State] = (record or {}).get("events", [])
    return events


def control_left(
    resume: HasControl | None,
    view: ProgressView,
    received: Received,
    *,
    rolling_back: bool,
) -> Control:
    """What the operator wanted when it broke off. The turn in which that happened may have received
    what its last view does not show: so every command counts once more, from what it began with.
    """
    control, step = received.control_of(resume), received.step
    for command in received.commands:
        if not rolling_back or command.verb is Verb.ABORT:
            step = max(step, command.step or 0)
            control = control if command.is_late(step) else control.apply(command)
    waits_for = {Phase.AWAITING_APPROVAL: control.approval, Phase.PAUSED: control.decision}
    answer = waits_for.get(view.phase)
    unheard = answer is not None and answer.step == view.step
    standing = (control if received.commands else view.control).standing()
    if not (answer and unheard):
        return standing
    return standing.apply(answer.concerning(view.waits and view.waits.about))


def control_after(control: Control, command: Command | None) -> Control:
    """What the operator wants of something that is taken up: a retry also ends a pause, and a
    rollback is newer than an abort that it was ended with.
    """
    if command is None:
        return control
    match command.verb:
        case Verb.RETRY:
            return Control(glass=control.glass)
        case Verb.ROLLBACK:
            return Control(ending=command)
        case _:
            return control.standing().apply(command)


def rolling_back_because(view: ProgressView, record: State | None) -> str | None:
    """Why it was rolling back when it broke off; None if it was not. It never turns forward. The
    record may lag behind the view.
    """
    begun = [each["message"] for each in _events(record) if each["kind"] == EventKind.ROLLING_BACK]
    if begun:
        return begun[-1].removeprefix(_ROLLING_BACK)
    return view.message if view.phase is Phase.ROLLING_BACK else None
