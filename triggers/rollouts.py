"""The routes under /api/rollouts."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from durable import (
    AzureReads,
    detailed,
    identified,
    list_events,
    list_instances,
    list_rollouts,
    management_links,
    plan_rollout,
    start_rollout,
    with_line,
    with_repairs,
    with_standing,
)
from rollout.access import Permission
from rollout.base import our_id
from rollout.inventory import ScaleSetId
from rollout.news import NewsRules, Subject, SubjectKind
from rollout.plan import Plan, RolloutRequest
from rollout.run import (
    ListedRollout,
    RolloutSummary,
    RolloutView,
    StartedRollout,
    superseded_in,
)
from triggers.news import audience_of
from triggers.web import (
    LOG,
    Call,
    Query,
    Route,
    after,
    answer,
    lines_answer,
    read_request,
    status_location,
    wants_lines,
)

_SECONDS_BETWEEN_LOOKS = 5


def rollout_routes(reads: AzureReads, news: Callable[[], NewsRules]) -> list[Route]:
    """Every route; `reads` reads a scale set before a start or for a plan, and asks its gates;
    `news` reads who is told what.
    """

    async def start(call: Call) -> func.HttpResponse:
        request = read_request(call.req, RolloutRequest)
        made_id = our_id(request.scale_set.name.lower(), call.invocation_id[:8])
        token = call.invocation_id
        view, status = await start_rollout(
            call.client, reads.inspect, request, made_id, token, call.caller
        )
        return _started(call, await identified(call.client, view), status)

    async def plan(call: Call) -> func.HttpResponse:
        request = read_request(call.req, RolloutRequest)
        found = await _planned(call, reads, request)
        rollout_id = request.id or our_id(request.scale_set.name.lower(), call.invocation_id[:8])
        audience = audience_of(news, Subject(kind=SubjectKind.ROLLOUT, id=rollout_id))
        return answer(found.model_copy(update={"news": audience}).to_json())

    return [
        Route("start_rollout", start, needs=frozenset({Permission.START})),
        Route("plan_rollout", plan),
        Route("list_rollouts", _list_rollouts, ("phase", "top", "scaleSet")),
        Route("view_rollout", _view_rollout),
        Route("rollout_status", _status),
        Route("list_instances", _list_instances),
        Route("list_events", _list_events, LOG),
    ]


async def _planned(call: Call, reads: AzureReads, request: RolloutRequest) -> Plan:
    if call.may(Permission.START):
        return await plan_rollout(call.client, reads.inspect, request, reads.try_gates)
    return await plan_rollout(call.client, reads.inspect_for_reader, request, None)


def _started(call: Call, view: RolloutView, status: HTTPStatus) -> func.HttpResponse:
    """The view, and Durable's own address of its status; Location is ours, the one to poll."""
    body = view.to_json()
    if call.access.status_uri:
        links = management_links(call.client, call.req, view.id)
        body = StartedRollout.from_json({**links, **body}).to_json()
    return answer(body, status, _where(call, view))


def _where(call: Call, view: RolloutView) -> dict[str, str]:
    location = status_location(call.req, f"rollouts/{view.id}/status")
    return {"Location": location, "Retry-After": str(_SECONDS_BETWEEN_LOOKS)}


async def _status(call: Call) -> func.HttpResponse:
    """The asynchronous pattern: 202 and where to look again while it runs, 200 at the end."""
    view = await identified(call.client, await call.rollout())
    if view.phase.ended:
        return answer(view.to_json())
    [view] = await with_line(call.client, await with_standing(call.client, [view]))
    return answer(view.to_json(), HTTPStatus.ACCEPTED, _where(call, view))


async def _view_rollout(call: Call) -> func.HttpResponse:
    [view] = await with_repairs(call.client, [await call.rollout()])
    [view] = await with_line(call.client, await with_standing(call.client, [view]))
    headers = {} if view.phase.ended else {"Retry-After": str(_SECONDS_BETWEEN_LOOKS)}
    return answer((await detailed(call.client, view)).to_json(), headers=headers)


async def _list_instances(call: Call) -> func.HttpResponse:
    rows = await list_instances(call.client, await call.rollout())
    return answer([row.to_json() for row in rows])


async def _list_events(call: Call) -> func.HttpResponse:
    lines = wants_lines(call.req)
    events = await list_events(call.client, (await call.rollout()).id, after(call.req))
    return lines_answer(events) if lines else answer(events)


async def _list_rollouts(call: Call) -> func.HttpResponse:
    query = _Query(call.req)
    listed = await list_rollouts(call.client)
    found = [summary for summary in listed if query.matches(summary)]
    shown = await with_repairs(call.client, found[: query.top])
    shown = await with_line(call.client, await with_standing(call.client, shown))
    superseded = superseded_in(listed)
    return answer([ListedRollout.of_line(line, superseded).to_json() for line in shown])


class _Query(Query):
    """The filters of the list, including ?scaleSet= (a name or an ARM id)."""

    def __init__(self, req: func.HttpRequest) -> None:
        super().__init__(req)
        self.scale_set = req.params.get("scaleSet")

    def matches(self, summary: RolloutSummary) -> bool:
        return self.takes(summary.phase) and self._matches_scale_set(summary.scale_set)

    def _matches_scale_set(self, scale_set: ScaleSetId) -> bool:
        names = {scale_set.name.casefold(), str(scale_set).casefold()}
        return self.scale_set is None or self.scale_set.rstrip("/").casefold() in names
