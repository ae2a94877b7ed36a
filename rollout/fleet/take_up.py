"""A fleet rollout that broke off is taken up: what the next orchestration is started with."""

from datetime import datetime

from rollout.base import ORCHESTRATION_VERSION, EventKind
from rollout.fleet.order import FleetOrder, FleetResumption, FleetRollbackRequest
from rollout.fleet.view import FleetRolloutView
from rollout.run import (
    NOTHING_RECEIVED,
    Command,
    Received,
    State,
    Verb,
    control_after,
    control_left,
    last_position,
    rolling_back_because,
)


def fleet_taken_up(
    order: FleetOrder,
    view: FleetRolloutView,
    record: State | None,
    reason: str,
    command: Command | None = None,
    received: Received = NOTHING_RECEIVED,
) -> FleetOrder:
    """The order with which it goes on. `view` is the last one that it published, `record` what
    it has recorded; `received` is what had reached it.
    """
    rolling_back = rolling_back_because(view, record)
    control = control_left(order.resume, view, received, rolling_back=bool(rolling_back))
    resume = FleetResumption(
        cells=view.cells,
        wave=view.wave,
        started_at=view.started_at,
        wave_began_at=view.wave_began_at,
        wave_before_began_at=_wave_before_began(order, view, record),
        attempt=fleet_attempts(order, view.wave) + 1,
        reason=reason,
        events=last_position(record),
        reasons=_reasons(record),
        unverified=_unverified(record),
        control=control_after(control, command),
        rolling_back=rolling_back,
        rollback=_rollback_of(order, received) if rolling_back else None,
        asked_by=command and command.caller,
        answers=received.answers_left(
            order.resume.answers if order.resume else [], view.updated_at and view.questions
        ),
    )
    return order.model_copy(update={"resume": resume, "version": ORCHESTRATION_VERSION})


def fleet_sent_back(
    order: FleetOrder,
    view: FleetRolloutView,
    record: State | None,
    began: datetime,
    command: Command,
) -> FleetOrder:
    """The order with which a fleet rollout that began then and has ended is rolled back."""
    rollback = FleetRollbackRequest(
        command=command, cells=view.cells, started_at=began, events=last_position(record)
    )
    own = {"rollback": rollback, "resume": None, "version": ORCHESTRATION_VERSION}
    return order.model_copy(update=own)


def _rollback_of(order: FleetOrder, received: Received) -> Command:
    """The command because of which it was rolling back."""
    said = [command for command in received.commands if command.verb is Verb.ROLLBACK]
    began = received.handed or order.resume
    kept = began.rollback if began else None
    begun = order.rollback.command if order.rollback else kept
    return begun or next(iter(said), Command(verb=Verb.ROLLBACK))


def _reasons(record: State | None) -> dict[str, str]:
    """Why members have failed, according to the waves that have finished."""
    finished = _finished_waves(record)
    return {key: why for wave in finished for key, why in wave["reasons"].items()}


def _unverified(record: State | None) -> list[str]:
    """The names of the waves that have finished without having verified an instance."""
    return [wave["wave"] for wave in _finished_waves(record) if wave.get("unverified")]


def _wave_before_began(
    order: FleetOrder, view: FleetRolloutView, record: State | None
) -> datetime | None:
    """When the wave before the one under way began; None before the second, or if nobody knows."""
    if view.wave <= 1:
        return None
    name = order.request.waves[view.wave - 2].name
    begun = (
        event["at"]
        for event in _events(record)
        if event["kind"] == EventKind.WAVE_STARTED and event["evidence"]["wave"] == name
    )
    first = next(begun, None)
    return first and datetime.fromisoformat(first)


def _finished_waves(record: State | None) -> list[State]:
    ended = (event for event in _events(record) if event["kind"] == EventKind.WAVE_FINISHED)
    return [event["evidence"] for event in ended]


def _events(record: State | None) -> list[State]:
    return (record or {}).get("events", [])


def fleet_attempts(order: FleetOrder, wave: int) -> int:
    """How often it was taken up since it began that wave."""
    return order.resume.attempt if order.resume and wave == order.resume.wave else 0
