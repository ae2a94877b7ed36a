"""The routes under /api/rollouts."""

from http import HTTPStatus

import azure.functions as func

from hub import rollouts as views
from hub.durable import management_links
from rollout.record import Summary
from rollout.request import RolloutRequest
from rollout.scale_set_id import ScaleSetId
from rollout.view import RolloutView, StartedRollout
from triggers import bodies
from triggers.answers import answer, lines_answer
from triggers.listing import Query, wants_lines
from triggers.route import Call, Route
from triggers.starting import Inspect, inspected, start

SECONDS_BETWEEN_LOOKS = 5


def routes(inspect: Inspect) -> list[Route]:
    """Every route; `inspect` reads a scale set before a start or for a plan."""

    async def start_rollout(call: Call) -> func.HttpResponse:
        request = bodies.read_request(call.req, RolloutRequest)

        made_id = f"{request.scale_set.name.lower()}-{call.invocation_id[:8]}"
        view, status = await start(call.client, inspect, request, made_id)
        return _started(call, view, status)

    async def plan_rollout(call: Call) -> func.HttpResponse:
        request = bodies.read_request(call.req, RolloutRequest)
        inspection = await inspected(inspect, request)
        return answer(inspection.plan(request.policy).to_json())

    return [
        Route("start_rollout", "POST", "rollouts", start_rollout),
        Route("plan_rollout", "POST", "rollouts/plan", plan_rollout),
        Route("list_rollouts", "GET", "rollouts", list_rollouts),
        Route("view_rollout", "GET", "rollouts/{id}", view_rollout),
        Route("list_instances", "GET", "rollouts/{id}/instances", list_instances),
        Route("list_events", "GET", "rollouts/{id}/events", list_events),
    ]


def _started(call: Call, view: RolloutView, status: HTTPStatus) -> func.HttpResponse:
    """The view together with Durable's own URIs, of which Location is the one to poll."""
    links = management_links(call.client, call.req, view.id)
    started = StartedRollout.from_json({**links, **view.to_json()})
    headers = {
        "Location": started.status_query_get_uri,
        "Retry-After": str(SECONDS_BETWEEN_LOOKS),
    }
    return answer(started.to_json(), status, headers)


async def view_rollout(call: Call) -> func.HttpResponse:
    view = await call.rollout()
    headers = {} if view.phase.ended else {"Retry-After": str(SECONDS_BETWEEN_LOOKS)}
    return answer(view.to_json(), headers=headers)


async def list_instances(call: Call) -> func.HttpResponse:
    rows = await views.list_instances(call.client, await call.rollout())
    return answer([row.to_json() for row in rows])


async def list_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    events = await views.list_events(call.client, (await call.rollout()).id)
    return lines_answer(events) if lines else answer(events)


async def list_rollouts(call: Call) -> func.HttpResponse:
    query = _Query(call.req)
    found = [one for one in await views.list_rollouts(call.client) if query.matches(one)]
    return answer([one.to_json() for one in found[: query.top]])


class _Query(Query):
    """What of the list is asked for: also ?scaleSet= (a name or an ARM id)."""

    def __init__(self, req: func.HttpRequest) -> None:
        super().__init__(req)
        self.scale_set = req.params.get("scaleSet")

    def matches(self, one: Summary) -> bool:
        return self.takes(one.phase) and self._matches_scale_set(one.scale_set)

    def _matches_scale_set(self, scale_set: ScaleSetId) -> bool:
        names = {scale_set.name.casefold(), str(scale_set).casefold()}
        return self.scale_set is None or self.scale_set.rstrip("/").casefold() in names
