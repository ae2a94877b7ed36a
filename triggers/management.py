"""GET …/{id}/management: Durable's own management addresses of a rollout or a fleet rollout.

Each has Durable's system key in it, which opens every orchestration of the app. So the call asks
for the master key, and for a role if roles are given.
"""

from collections.abc import Awaitable, Callable

import azure.functions as func

from durable import Client, OrchestrationInstance, fleet_running_as, management_links, running_as
from rollout.access import Permission
from rollout.run import ManagementLinks
from triggers.fleet_rollouts import fleet_in
from triggers.web import Call, Route, answer

_NEEDS = frozenset({Permission.MANAGE})

type _RunningAs = Callable[[Client, str], Awaitable[tuple[str, OrchestrationInstance] | None]]


def management_routes() -> list[Route]:
    """For rollouts, and for fleet rollouts."""

    async def of_rollout(call: Call) -> func.HttpResponse:
        return await _links(call, (await call.rollout()).id, running_as)

    async def of_fleet(call: Call) -> func.HttpResponse:
        return await _links(call, (await fleet_in(call)).id, fleet_running_as)

    return [
        Route("manage_rollout", of_rollout, needs=_NEEDS),
        Route("manage_fleet_rollout", of_fleet, needs=_NEEDS),
    ]


async def _links(call: Call, known_as: str, running: _RunningAs) -> func.HttpResponse:
    """Those of the orchestration that it is now: its rollback, if there is one."""
    found = await running(call.client, known_as)
    links = management_links(call.client, call.req, found[0] if found else known_as)
    return answer(ManagementLinks.from_json(links).to_json())
