"""The routes under /api/fleet-rollouts: several scale sets, in waves."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import azure.functions as func

from hub import fleets
from hub.durable import start_once
from hub.rollouts import list_events
from rollout.command import Command, CommandBody
from rollout.fleet_order import FleetBack
from rollout.fleet_request import FLEET_ID, FleetRolloutRequest
from rollout.fleet_view import FleetRolloutView, fleet_verbs
from rollout.names import ROLL_OUT_FLEET, rollback_id
from rollout.phase import Verb
from rollout.problem import FieldError, Problem, Refused
from triggers import bodies
from triggers.answers import answer, invalid, lines_answer
from triggers.fleet_starting import FleetLooks, plan_fleet, start_fleet
from triggers.listing import Query, wants_lines
from triggers.route import Call, Route
from triggers.taking import done_already, refuse_unless_taken

SECONDS_BETWEEN_LOOKS = 15
_PATH = "fleet-rollouts"


def routes(looks: FleetLooks) -> list[Route]:
    """Every route; `looks` reads Azure before a start or for a plan."""

    async def start_fleet_rollout(call: Call) -> func.HttpResponse:
        request = bodies.read_request(call.req, FleetRolloutRequest)
        view, status = await start_fleet(
            call.client, looks, request, f"fleet-{call.invocation_id[:8]}"
        )
        headers = {"Location": f"/api/{_PATH}/{view.id}", "Retry-After": _RETRY}
        return answer(view.to_json(), status, headers)

    async def plan_fleet_rollout(call: Call) -> func.HttpResponse:
        request = bodies.read_request(call.req, FleetRolloutRequest)
        return answer((await plan_fleet(looks, request)).to_json())

    return [
        Route("start_fleet_rollout", "POST", _PATH, start_fleet_rollout),
        Route("plan_fleet_rollout", "POST", f"{_PATH}/plan", plan_fleet_rollout),
        Route("list_fleet_rollouts", "GET", _PATH, list_fleet_rollouts),
        Route("view_fleet_rollout", "GET", f"{_PATH}/{{id}}", view_fleet_rollout),
        Route("list_fleet_scale_sets", "GET", f"{_PATH}/{{id}}/scale-sets", list_scale_sets),
        Route("list_fleet_events", "GET", f"{_PATH}/{{id}}/events", list_fleet_events),
        *(
            Route(f"{verb}_fleet_rollout", "POST", f"{_PATH}/{{id}}/{verb}", _tell(verb))
            for verb in fleet_verbs(list(Verb))
        ),
    ]


_RETRY = str(SECONDS_BETWEEN_LOOKS)


async def list_fleet_rollouts(call: Call) -> func.HttpResponse:
    query = Query(call.req)
    found = [one for one in await fleets.list_fleets(call.client) if query.takes(one.phase)]
    return answer([one.to_json() for one in found[: query.top]])


async def view_fleet_rollout(call: Call) -> func.HttpResponse:
    view = await _fleet(call)
    headers = {} if view.phase.ended else {"Retry-After": _RETRY}
    return answer(view.to_json(), headers=headers)


async def list_scale_sets(call: Call) -> func.HttpResponse:
    rows = await fleets.list_rows(call.client, await _fleet(call))
    return answer([row.to_json() for row in rows])


async def list_fleet_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    events = await list_events(call.client, (await _fleet(call)).id)
    return lines_answer(events) if lines else answer(events)


async def _fleet(call: Call) -> FleetRolloutView:
    """The fleet rollout the path names. Raises Refused (404) when there is none."""
    fleet_id = call.req.route_params.get("id", "")
    known = re.fullmatch(FLEET_ID, fleet_id) is not None
    view = await fleets.find_fleet(call.client, fleet_id) if known else None
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


def _tell(verb: Verb) -> Callable[[Call], Awaitable[func.HttpResponse]]:
    """Saying the same thing twice is saying it once: both are accepted."""

    async def tell(call: Call) -> func.HttpResponse:
        body = bodies.read_optional(call.req, CommandBody)
        if body.instance_ids is not None:
            message = "is about one scale set: tell its own rollout"
            raise invalid([FieldError(path="instanceIds", message=message)])
        view = await _fleet(call)
        refuse_unless_taken(verb, view, "fleet rollout")
        if not done_already(verb, view):
            await _carry_out(call, view, Command(verb=verb, **body.model_dump()))
        return answer((await _fleet(call)).to_json(), HTTPStatus.ACCEPTED)

    return tell


async def _carry_out(call: Call, view: FleetRolloutView, command: Command) -> None:
    """Raises Refused when it has ended in the meantime, and takes the verb no more."""
    if view.phase.ended:
        await _go_back(call, view, command)
        return
    if not await fleets.tell(call.client, view, command):
        refuse_unless_taken(command.verb, await _fleet(call), "fleet rollout")


async def _go_back(call: Call, view: FleetRolloutView, command: Command) -> None:
    """A new orchestration under the same id for people."""
    order = await fleets.find_order(call.client, view.id)
    if order is None or view.started_at is None:
        return
    back = FleetBack(command=command, cells=view.cells, started_at=view.started_at)
    payload = order.model_copy(update={"back": back}).to_json()
    await start_once(call.client, ROLL_OUT_FLEET, rollback_id(view.id), payload)
