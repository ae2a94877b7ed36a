"""The routes under /api/fleet-rollouts: several scale sets, in waves."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import azure.functions as func

from durable import (
    SAID,
    AzureReads,
    find_fleet,
    find_fleet_with_instances,
    heard_within,
    last_event,
    list_events,
    list_fleets,
    list_rows,
    plan_fleet,
    roll_back_fleet,
    send_command_to_fleet,
    start_fleet,
    starter_of_fleet,
    with_line,
)
from rollout.access import Permission, needed_for
from rollout.base import KNOWN_ID, FieldError, Problem, Refused, invalid, our_id
from rollout.fleet import (
    FleetDetails,
    FleetRolloutRequest,
    FleetRolloutView,
    ListedFleet,
)
from rollout.news import NewsRules, Subject, SubjectKind
from rollout.run import Command, CommandBody, Verb
from triggers.news import audience_of
from triggers.web import (
    LOG,
    Call,
    Query,
    Route,
    after,
    answer,
    done_already,
    lines_answer,
    read_optional,
    read_request,
    refuse_own_approval,
    refuse_unless_allowed,
    refuse_without_reason,
    status_location,
    wants_lines,
)

_SECONDS_BETWEEN_LOOKS = 15
_PATH = "fleet-rollouts"


def fleet_routes(reads: AzureReads, news: Callable[[], NewsRules]) -> list[Route]:
    """Every route; `reads` reads Azure before a start or for a plan, `news` who is told what."""

    async def start(call: Call) -> func.HttpResponse:
        request = read_request(call.req, FleetRolloutRequest)
        view, status = await start_fleet(
            call.client,
            reads,
            request,
            our_id("fleet", call.invocation_id[:8]),
            call.invocation_id,
            call.caller,
        )
        return answer(view.to_json(), status, _where(call, view))

    async def plan(call: Call) -> func.HttpResponse:
        request = read_request(call.req, FleetRolloutRequest)
        may_start = call.may(Permission.START)
        allowed = reads if may_start else reads.for_reader()
        try_gates = reads.try_gates if may_start else None
        found = await plan_fleet(call.client, allowed, request, try_gates)
        fleet_id = request.id or our_id("fleet", call.invocation_id[:8])
        fleet = Subject(kind=SubjectKind.FLEET, id=fleet_id)
        audience = audience_of(news, fleet, Subject.member_of(fleet_id))
        return answer(found.model_copy(update={"news": audience}).to_json())

    return [
        Route("start_fleet_rollout", start, needs=frozenset({Permission.START})),
        Route("plan_fleet_rollout", plan),
        Route("list_fleet_rollouts", _list_fleet_rollouts, ("phase", "top")),
        Route("view_fleet_rollout", _view_fleet_rollout),
        Route("fleet_rollout_status", _status),
        Route("list_fleet_scale_sets", _list_scale_sets),
        Route("list_fleet_events", _list_fleet_events, LOG),
        *(
            Route(f"{verb}_fleet_rollout", _handler_of(verb), needs=needed_for(verb))
            for verb in Verb
        ),
    ]


_RETRY = str(_SECONDS_BETWEEN_LOOKS)


async def _list_fleet_rollouts(call: Call) -> func.HttpResponse:
    query = Query(call.req)
    found = [summary for summary in await list_fleets(call.client) if query.takes(summary.phase)]
    shown = await with_line(call.client, found[: query.top])
    return answer([ListedFleet.of_line(line).to_json() for line in shown])


async def _view_fleet_rollout(call: Call) -> func.HttpResponse:
    [view] = await with_line(call.client, [await fleet_in(call)])
    headers = {} if view.phase.ended else {"Retry-After": _RETRY}
    details = FleetDetails.of(view, await last_event(call.client, view.id))
    return answer(details.to_json(), headers=headers)


def _where(call: Call, view: FleetRolloutView) -> dict[str, str]:
    location = status_location(call.req, f"{_PATH}/{view.id}/status")
    return {"Location": location, "Retry-After": _RETRY}


async def _status(call: Call) -> func.HttpResponse:
    """The asynchronous pattern: 202 and where to look again while it runs, 200 at the end."""
    [view] = await with_line(call.client, [await fleet_in(call)])
    if view.phase.ended:
        return answer(view.to_json())
    return answer(view.to_json(), HTTPStatus.ACCEPTED, _where(call, view))


async def _list_scale_sets(call: Call) -> func.HttpResponse:
    rows = await list_rows(call.client, await fleet_in(call))
    return answer([row.to_json() for row in rows])


async def _list_fleet_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    events = await list_events(call.client, (await fleet_in(call)).id, after(call.req))
    return lines_answer(events) if lines else answer(events)


async def fleet_in(call: Call) -> FleetRolloutView:
    """The fleet rollout in the path. Raises Refused (404) if there is none."""
    fleet_id = call.req.route_params.get("id", "").lower()
    known = re.fullmatch(KNOWN_ID, fleet_id) is not None
    view = await find_fleet_with_instances(call.client, fleet_id) if known else None
    if view:
        return view
    raise Refused(
        Problem(
            status=HTTPStatus.NOT_FOUND,
            title="No such fleet rollout",
            detail=f"There is no fleet rollout {fleet_id!r}. GET /api/fleet-rollouts lists those "
            "there are.",
        )
    )


def _handler_of(verb: Verb) -> Callable[[Call], Awaitable[func.HttpResponse]]:
    """Idempotent: a repeated command is accepted too."""

    async def handle(call: Call) -> func.HttpResponse:
        body = read_optional(call.req, CommandBody)
        if body.instance_ids is not None:
            message = "applies to one scale set: send it to that scale set's rollout"
            raise invalid([FieldError(path="instanceIds", message=message)])
        view = await fleet_in(call)
        refuse_unless_allowed(verb, view, "fleet rollout")
        if verb is Verb.APPROVE:
            refuse_own_approval(call, await starter_of_fleet(call.client, view.id))
        refuse_without_reason(verb, body, "fleet rollout")
        if not done_already(verb, view):
            view = await _carry_out(call, view, view.answered(verb, body, call.caller))
        return answer(view.to_json(), HTTPStatus.ACCEPTED)

    return handle


async def _carry_out(call: Call, view: FleetRolloutView, command: Command) -> FleetRolloutView:
    """The view of what the verb will do. Raises Refused if it has ended meanwhile and no longer
    accepts it.
    """
    for _ in range(SAID):
        if view.phase.ended and command.verb is Verb.ROLLBACK and Verb.RETRY not in view.verbs:
            await roll_back_fleet(call.client, view, command, call.invocation_id)
            return await fleet_in(call)
        if await send_command_to_fleet(call.client, view.id, command):
            heard = await heard_within(view, command, _look(call, view.id))
            if heard or not command.verb.ends:
                return (await fleet_in(call)).accepting(command)
        refuse_unless_allowed(command.verb, view := await fleet_in(call), "fleet rollout")
    return view if view.stands(command.verb) else view.unheard(command)


def _look(call: Call, fleet_id: str) -> Callable[[], Awaitable[FleetRolloutView | None]]:
    return lambda: find_fleet(call.client, fleet_id)
