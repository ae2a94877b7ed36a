"""What windows and freezes mean for a plan, before it starts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rollout.base import FieldError, Problem, Proceed, spoken
from rollout.gates import GatePlace
from rollout.plan.batch import Batch
from rollout.plan.plan import Opening, Plan
from rollout.plan.policy import Policy
from rollout.windows import (
    Calendar,
    Closed,
    Length,
    may_begin_at,
    schedule,
    spoken_in,
    until_when,
)

_AT_LEAST = timedelta(minutes=1)


def opened(plan: Plan, policy: Policy, calendar: Calendar, now: datetime | None) -> Plan:
    """The plan with what the calendar means for it."""
    lengths = _lengths(policy, plan.batches)
    if calendar.empty or now is None or not lengths:
        return plan
    begun = schedule(calendar, now, lengths)
    if not begun:
        return plan
    shown = plan.model_copy(update={"opening": _opening(calendar, now, lengths[0], begun[0])})
    late = _late(begun, lengths, now + policy.deadline, calendar)
    return shown.warned([late]) if late else shown


def _opening(calendar: Calendar, now: datetime, length: Length, first: datetime) -> Opening:
    match may_begin_at(calendar, now, length):
        case Closed() as closed:
            message = f"The first batch waits {until_when(calendar, closed)}"
        case Proceed():
            message = "The first batch may begin now"
    return Opening(first_batch_at=first, message=message)


def _late(
    begun: Sequence[datetime], lengths: Sequence[Length], deadline: datetime, calendar: Calendar
) -> str | None:
    """That not all batches may begin before the deadline."""
    in_time = [begins for begins in begun if begins <= deadline]
    if len(in_time) == len(lengths):
        return None
    when = spoken_in(calendar.zone, deadline)
    return (
        f"If each batch takes as long as it may, only {len(in_time)} of {len(lengths)} fit into "
        f"the windows before the deadline ({when}), and no batch begins after it: give a longer "
        "policy.deadline, larger batches, or longer windows"
    )


def shut_out(
    plan: Plan, policy: Policy, calendar: Calendar, now: datetime | None
) -> Problem | None:
    """Why windows and freezes never let this plan begin, or None."""
    lengths = _lengths(policy, plan.batches)
    if calendar.empty or now is None or not lengths:
        return None
    longest = max(lengths, key=lambda length: length.needed)
    error = _too_long(calendar, now, longest, _room(policy))
    error = error or _too_late(calendar, now, lengths[0], policy)
    if error is None:
        return None
    return Problem(
        status=400,
        title="No window is long enough, or none comes in time",
        detail=f"{error.path} {error.message}. Nothing was changed.",
        errors=[error],
    )


def _room(policy: Policy) -> timedelta:
    """What a window needs beside a batch: no timer fires at its very moment, gates take time."""
    asking = [gate.interval * (gate.passes - 1) for gate in policy.gates_at(GatePlace.BEFORE_BATCH)]
    return _AT_LEAST + max(asking, default=timedelta(0))


def _too_long(
    calendar: Calendar, now: datetime, length: Length, room: timedelta
) -> FieldError | None:
    if calendar.earliest(now, length.needed + room) is not None:
        return None
    message = (
        f"does not fit into any window: a batch takes {length.spoken}, and the longest time for "
        f"which anything may run is {spoken(calendar.longest(now))} ({calendar.spoken}). A window "
        f"must be longer than a batch by {spoken(room)}, for what comes before it is sent. Shorten "
        "it, or the bake of the canary, or lengthen the windows"
    )
    return FieldError(path="policy.health.timeout", message=message)


def _too_late(
    calendar: Calendar, now: datetime, length: Length, policy: Policy
) -> FieldError | None:
    found = may_begin_at(calendar, now, length)
    if isinstance(found, Proceed) or (found.until and found.until <= now + policy.deadline):
        return None
    deadline = spoken_in(calendar.zone, now + policy.deadline)
    message = (
        f"of {spoken(policy.deadline)} ends at {deadline}, and the first batch waits "
        f"{until_when(calendar, found)}. Give a longer deadline, or start later"
    )
    return FieldError(path="policy.deadline", message=message)


def _lengths(policy: Policy, batches: Sequence[Batch]) -> list[Length]:
    return [Length(policy.longest(canary=batch.canary)) for batch in batches]
